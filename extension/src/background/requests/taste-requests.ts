import type { OWN_REQUESTS, TasteState } from '../../own-messages.ts';
import { readSettings, type Settings } from '../../storage/settings.ts';
import { learnProfileKey } from '../labels/learn-profile-key.ts';
import { withAdvice } from '../server/advice.ts';
import { ApiClient } from '../server/api-client.ts';
import { chosenThreshold } from '../server/model-threshold.ts';
import { orProblem } from '../server/problem.ts';
import { versionOf } from '../swipes/taste-gate.ts';
import type { Handlers, WorkerParts } from './handlers.ts';

type TasteKind =
  | 'taste'
  | 'words'
  | 'undoLabel'
  | 'correct'
  | 'tasteLearn'
  | 'tasteActivate'
  | 'tasteRollback'
  | 'tasteDelete';

/** Returns the handlers of the requests about labels and what was learned from them. */
export function tasteHandlers({
  world,
  labels,
  gate,
  history,
  words,
}: WorkerParts): Handlers<Pick<typeof OWN_REQUESTS, TasteKind>, undefined> {
  const ask = async <Output>(step: string, work: (client: ApiClient, settings: Settings) => Promise<Output>) => {
    const settings = await readSettings();
    const { server } = settings;
    return await orProblem(withAdvice(server.address, work(new ApiClient(server, world), settings)), step);
  };
  /** Asks the server for something after which it may have another model. */
  const askToSwitch: typeof ask = (step, work) => ask(step, work).finally(() => gate.forget());
  return {
    taste: async () => {
      await learnProfileKey(await readSettings(), world);
      const recent = (await labels.correctable()).map(({ id, atMs, own, label }) => {
        const { site, swipe } = label;
        return { labelId: id, atMs, site, swipe, own };
      });
      return {
        labels: await labels.counts(),
        recent,
        server: await ask('reading the taste', (...asked) => readTaste(...asked, gate)),
      };
    },
    words: () => words.state(),
    undoLabel: async () => {
      const id = await labels.removeLast();
      if (id !== undefined) await words.remove([id]);
      if (id !== undefined) await history.unlabeled(id);
      return id !== undefined;
    },
    correct: async ({ labelId, swipe }) => {
      const answer = await labels.correct(labelId, swipe);
      const isStored = !('queued' in answer) || answer.queued;
      if (isStored) await words.corrected(labelId, swipe);
      if (isStored) await history.corrected(labelId, swipe);
      return answer;
    },
    tasteLearn: () =>
      ask('starting to learn', async (client) => {
        await client.learn();
        return { started: true } as const;
      }),
    tasteActivate: ({ version }) =>
      askToSwitch('activating a version', async (client) => ({ version: await client.activate(version) })),
    tasteRollback: () =>
      askToSwitch('going back to a version', async (client) => ({ version: await client.rollback() })),
    tasteDelete: async () => {
      await words.clear();
      await history.clear();
      return await askToSwitch('deleting the taste', (client) => labels.empty(() => client.deleteTaste()));
    },
  };
}

/** Returns what the popup shows of the server's taste and of its model. */
async function readTaste(client: ApiClient, settings: Settings, gate: WorkerParts['gate']): Promise<TasteState> {
  const model = await client.model();
  const answer = await client.taste(await chosenThreshold(settings, model));
  gate.heard(answer.agreement, settings); // so that a swipe is permitted as soon as the popup says so
  const { taste, likes, passes, agreement, versions, learning } = answer;
  return {
    ...{ taste, likes, passes, agreement, learning, model: model.id, version: versionOf(model) },
    versions: versions.map(({ id, isActive, metrics }) => ({
      ...{ id, isActive },
      balancedAccuracy: metrics?.crossValidatedBalancedAccuracy ?? null,
    })),
  };
}
