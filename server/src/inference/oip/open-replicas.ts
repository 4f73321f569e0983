import { readFile } from 'node:fs/promises';
import { systemCodeOf } from '@swipenet/shared/contract/errors.ts';
import { OIP_LIMITS } from '@swipenet/shared/contract/oip.ts';
import type { ChildRestart } from '../../child/kept-child.ts';
import type { Clock } from '../../clock.ts';
import { CommandError } from '../../command-error.ts';
import { photoCrop } from '../../image/photo-bytes.ts';
import type { ModelForm } from '../../registry/choose-precision.ts';
import { goldenPhotos } from '../../runtime/golden-photos.ts';
import { ChildEngine } from '../child-engine.ts';
import type { EngineEvents, PhotoInference } from '../engine.ts';
import type { EnginePlan } from '../engine-plan.ts';
import { Replica } from './replica.ts';

/** The machines that run the network in place of this one. */
export interface RemoteEngines {
  readonly urls: readonly string[];
  /** The file with the token for all of them, if they need one. */
  readonly tokenFile?: string | undefined;
}

/** A profile's photos stay together, because a request costs a round trip. */
const SMALLEST_BATCH = 8;

/** Returns how batches are made for replicas. */
const planReplicas = (replicas: number): EnginePlan => ({
  ...{ engines: replicas, threadsPerEngine: 1, maxBatch: OIP_LIMITS.maxPhotos, smallestBatch: SMALLEST_BATCH },
  ...{ batchSizes: [], warmSizes: [], tf32: false, maxRssBytes: Number.POSITIVE_INFINITY },
});

/**
 * Opens replicas for a model. The ones that have it are used, and the others as soon as they have it.
 *
 * @param openEngine opens the model on this machine, to compare a replica that doesn't say which file it uses.
 * @throws CommandError `replicas_unavailable` if no replica has the model, with the reason of each; `model_not_served` for
 *   a head that was learned from swipes; `option_invalid` if the token can't be read.
 */
export async function openReplicas(
  form: ModelForm,
  { urls, tokenFile }: RemoteEngines,
  {
    clock,
    events,
    openEngine = ChildEngine.open,
  }: {
    readonly clock: Clock;
    readonly events?: EngineEvents | undefined;
    readonly openEngine?: typeof ChildEngine.open;
  },
): Promise<{ readonly engines: readonly Replica[]; readonly plan: EnginePlan; readonly reason: string }> {
  const { manifest, modelPath } = form.model;
  const { id, headOf, model } = manifest;
  if (headOf) {
    const why = `it was learned on ${headOf.id}, and replicas can’t run such a model yet`;
    throw new CommandError('model_not_served', `can’t use ${id} with --engine oip: ${why}; use --engine local`);
  }
  const token = tokenFile === undefined ? undefined : await readTokenFile(tokenFile);
  const plan = planReplicas(urls.length);
  let golden: Promise<readonly PhotoInference[]> | undefined;
  const goldenResults = () => {
    golden ??= scoreGoldenHere({ modelPath, sha256: model.sha256 }, clock, openEngine).catch((error: unknown) => {
      golden = undefined; // so the next replica tries again
      throw error;
    });
    return golden;
  };
  const replicas = await Promise.all(
    urls.map((url, engine) =>
      Replica.open({
        ...{ url, token, modelId: id, sha256: model.sha256, maxBatch: plan.maxBatch, goldenResults, clock },
        ...(events?.onTrouble && { onTrouble: events.onTrouble }),
        ...(events?.onRestart && { onRestart: (restart: ChildRestart) => events.onRestart?.({ engine, ...restart }) }),
      }),
    ),
  );
  const ready = replicas.filter(({ alive }) => alive);
  if (ready.length > 0) return { engines: replicas, plan, reason: urls.join(', ') };
  await Promise.all(replicas.map((replica) => replica.close()));
  const why = replicas.map(({ url, fault }) => `${url}: ${fault?.message} (${fault?.code})`).join('; ');
  throw new CommandError('replicas_unavailable', `no replica can run ${id}: ${why}`);
}

/** Scores the two test photos on this machine's CPU. */
async function scoreGoldenHere(
  file: { readonly modelPath: string; readonly sha256: string },
  clock: Clock,
  openEngine: typeof ChildEngine.open,
): Promise<readonly PhotoInference[]> {
  const settings = { ...file, device: 'cpu', threads: 1, batchSizes: [], warmSizes: [] } as const;
  const engine = await openEngine({ settings, clock });
  try {
    return await engine.run(goldenPhotos().map((photo) => photoCrop(photo)));
  } finally {
    await engine.close();
  }
}

async function readTokenFile(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new CommandError('option_invalid', `--engine-token-file: can’t read ${path} (${systemCodeOf(cause)})`, {
      cause,
    });
  });
  const token = text.trim();
  if (/^[\x21-\x7e]{1,1000}$/.test(token)) return token;
  throw new CommandError('option_invalid', `--engine-token-file: ${path} must have one line, the token`);
}
