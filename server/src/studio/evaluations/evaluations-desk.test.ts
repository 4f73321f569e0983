import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readScores } from '@swipenet/shared/contract/studio/evaluations.ts';
import { ARTICLE_RULE } from '@swipenet/shared/decision.ts';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { EMBEDDED_MODEL } from '../../config/embedded-model.ts';
import { Home } from '../../home/home.ts';
import { writeEvaluated } from './evaluation-files.ts';
import type { EvaluatorChild } from './evaluation-queue.ts';
import { EvaluationsDesk } from './evaluations-desk.ts';
import { judge } from './judged.ts';

const REQUEST = { model: 'quality', dataset: 'flowers', part: 'validation' } as const;

const PHOTOS = [
  { number: 3, profile: 1, label: 'LIKE' as const, like: 0.75 },
  { number: 5, profile: 2, label: 'NOPE' as const, like: 0.25 },
];

/** A desk whose processes score two photos, when the test lets them. */
function setUp(home = new Home(temporaryFolder())) {
  const started: { go: (failure?: Error) => void; killed: boolean }[] = [];
  const startEvaluator = (): EvaluatorChild => {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    const exited = Promise.withResolvers<void>();
    promise.catch(() => {});
    const child = { go: (failure?: Error) => (failure ? reject(failure) : resolve(2)), killed: false };
    started.push(child);
    const ask = async (type: string, question: unknown) => {
      if (type === 'save') {
        const { figures, scores } = judge(PHOTOS, ARTICLE_RULE);
        return writeEvaluated(question as string, { result: { note: null, trainedOn: null, ...figures }, scores });
      }
      return type === 'open' ? 2 : promise;
    };
    const kill = () => {
      child.killed = true;
      reject(new Error('the evaluation process ended (SIGKILL)'));
      exited.resolve();
    };
    return { ask: ask as EvaluatorChild['ask'], kill, exited: exited.promise };
  };
  let changes = 0;
  const desk = new EvaluationsDesk({
    ...{ home, startEvaluator, threads: 1 },
    datasets: { folderOf: async () => '/data/flowers' },
    onChange: () => {
      changes += 1;
    },
  });
  const states = async () => (await desk.list()).map(({ state }) => state);
  return { home, desk, started, states, changes: () => changes };
}

describe('the evaluations', () => {
  it('are computed once, and then read', async () => {
    const { desk, started, states, home } = setUp();
    const id = await desk.start(REQUEST);
    await expect.poll(states).toEqual(['running']);
    expect(await desk.start(REQUEST)).toBe(id);
    started[0]!.go();
    await expect.poll(states).toEqual(['done']);
    expect(await desk.start(REQUEST)).toBe(id);
    expect(started).toHaveLength(1);
    const again = setUp(home);
    expect(await again.states()).toEqual(['done']);
    const { subject, result, exists } = await again.desk.get(id);
    expect([subject.model.id, subject.dataset.name, result.photos.auc]).toEqual(['quality', 'flowers', 1]);
    expect(exists).toEqual({ model: true, dataset: true });
    const bytes = Uint8Array.from(await again.desk.scores(id)).buffer;
    expect([...readScores(bytes, result).photos.numbers]).toEqual([3, 5]);
  });

  it('have the threshold that their model has now', async () => {
    const { desk, started, states, home } = setUp();
    const path = join(home.models, 'mine', 'manifest.json');
    const manifest = JSON.parse(readFileSync(join(EMBEDDED_MODEL.folder, 'quality', 'manifest.json'), 'utf8'));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, JSON.stringify({ ...manifest, id: 'mine' }));
    const id = await desk.start({ ...REQUEST, model: 'mine' });
    await expect.poll(() => started.length).toBe(1);
    started[0]!.go();
    await expect.poll(states).toEqual(['done']);
    writeFileSync(path, JSON.stringify({ ...manifest, id: 'mine', threshold: 0.7 }));
    expect((await desk.get(id)).subject.rule).toEqual({ rule: 'any', threshold: 0.7 });
    rmSync(path);
    expect((await desk.get(id)).exists.model).toBe(false);
  });

  it('run one at a time, and another part is another evaluation', async () => {
    const { desk, started, states } = setUp();
    await desk.start(REQUEST);
    await desk.start({ ...REQUEST, part: 'test' });
    await expect.poll(async () => (await states()).toSorted()).toEqual(['running', 'waiting']);
    started[0]!.go();
    await expect.poll(() => started.length).toBe(2);
    started[1]!.go();
    await expect.poll(states).toEqual(['done', 'done']);
  });

  it('report what went wrong, and can be started again', async () => {
    const { desk, started, states } = setUp();
    await desk.start(REQUEST);
    await expect.poll(() => started.length).toBe(1);
    started[0]!.go(new Error('photo 3 is cut off\nand its last words'));
    await expect.poll(states).toEqual(['failed']);
    expect((await desk.list())[0]!.message).toBe('photo 3 is cut off');
    await desk.start(REQUEST);
    await expect.poll(() => started.length).toBe(2);
    started[1]!.go();
    await expect.poll(states).toEqual(['done']);
  });

  it('are canceled and deleted with their files', async () => {
    const { desk, started, states } = setUp();
    const id = await desk.start(REQUEST);
    await expect.poll(() => started.length).toBe(1);
    await desk.remove(id);
    expect([started[0]!.killed, await states()]).toEqual([true, []]);
    await expect(desk.get(id)).rejects.toMatchObject({ code: 'studio_unknown' });
    await expect(desk.remove('../..')).rejects.toMatchObject({ code: 'studio_unknown' });
  });

  it('say that the server stopped before they were done', async () => {
    const { desk, states, home } = setUp();
    await desk.start(REQUEST);
    await expect.poll(states).toEqual(['running']);
    await desk.close();
    expect((await setUp(home).desk.list())[0]).toMatchObject({ state: 'stopped', subject: { part: 'validation' } });
  });

  it('are listed when their files are damaged, and can be deleted', async () => {
    const { desk, started, states, home } = setUp();
    const id = await desk.start(REQUEST);
    await expect.poll(() => started.length).toBe(1);
    started[0]!.go();
    await expect.poll(states).toEqual(['done']);
    rmSync(join(home.evaluation(id), 'scores.bin'));
    await expect(desk.scores(id)).rejects.toMatchObject({
      message: 'the scores of this evaluation are damaged; delete it',
    });
    writeFileSync(join(home.evaluation(id), 'result.json'), '{');
    const again = setUp(home);
    expect(await again.states()).toEqual(['damaged']);
    await again.desk.remove(id);
    expect(await again.states()).toEqual([]);
  });

  it('can’t start where nothing can be written', async () => {
    const { desk, states, home } = setUp();
    writeFileSync(home.evaluations, 'not a folder');
    await expect(desk.start(REQUEST)).rejects.toMatchObject({ code: 'home_unusable' });
    expect(await states()).toEqual([]);
  });

  it('refuse a model that doesn’t exist', async () => {
    const { desk } = setUp();
    await expect(desk.start({ ...REQUEST, model: 'none' })).rejects.toMatchObject({ code: 'model_missing' });
  });
});
