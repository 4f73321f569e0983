// @module-tag slow
import { describe, expect, it, vi } from 'vitest';
import { ManualClock } from '../../../../test/support/manual-clock.ts';
import { SMALL_GRAPH, stateBefore, stepInput } from '../../../../test/support/training-steps.ts';
import { ChildTrainingEngine } from './child-training-engine.ts';
import { openTrainingEngine } from './open-training-engine.ts';

const graph = { ...SMALL_GRAPH, batchSize: 2 };
const options = { graph, device: 'cpu', threads: 1 } as const;
const state = () => stateBefore(graph);
const input = (step: number) => stepInput(graph, step);

const program = new URL('../../../../test/fixtures/fake-training.ts', import.meta.url);

describe('a training process', () => {
  it('matches an engine in this process bit for bit', async () => {
    const [child, here] = await Promise.all([
      ChildTrainingEngine.open(options, state()),
      openTrainingEngine(options, state()),
    ]);
    for (const step of [0, 1]) expect(await child.step([input(step)])).toEqual(await here.step([input(step)]));
    expect(await child.state()).toEqual(await here.state());
    expect(await child.evaluate(input(3).photos)).toEqual(await here.evaluate(input(3).photos));
    await child.load(state());
    expect(await child.state()).toEqual(state());
    expect((await child.usage()).memoryBytes).toBeGreaterThan(1e7);
    await Promise.all([child.close(), here.close()]);
  });

  it('evaluates any number of photos, a few at a time', async () => {
    const here = await openTrainingEngine(options, state());
    const photos = Array.from({ length: 11 }, (_, index) => input(index).photos.subarray(0, 96 * 96));
    const together = await here.evaluate(Uint8Array.from(photos.flatMap((photo) => [...photo])));
    const alone: number[] = [];
    for (const photo of photos) alone.push(...(await here.evaluate(photo)));
    expect([...together]).toEqual(alone.map((logit) => expect.closeTo(logit, 4)));
    await here.close();
  });

  it('answers in the order asked', async () => {
    const child = await ChildTrainingEngine.open(options, state());
    const answers = await Promise.all([
      child.step([input(0)]),
      child.usage(),
      child.evaluate(input(1).photos),
      child.usage(),
    ]);
    expect(answers).toMatchObject([
      [{ logits: { length: 4 } }],
      { memoryBytes: expect.any(Number) },
      { length: 4 },
      {},
    ]);
    await child.close();
  });

  it('rejects pending and later calls with the reason when it ends', async () => {
    const child = await ChildTrainingEngine.open(options, state());
    const waiting = child.step([input(0)]);
    const closing = child.close();
    await expect(waiting).rejects.toMatchObject({
      code: 'training_failed',
      message: expect.stringContaining('SIGKILL'),
    });
    await closing;
    await expect(child.state()).rejects.toMatchObject({ code: 'training_failed' });
  });

  it.each([false, true])('uses TF32 on a GPU only if that was chosen (%s)', async (tf32) => {
    const onCuda = { ...options, device: 'cuda:0', tf32 } as const;
    const child = await ChildTrainingEngine.open(onCuda, state(), new ManualClock(), program);
    await child.close();
  });

  it('fails the run when it freezes in a step, instead of waiting forever', async () => {
    const clock = new ManualClock();
    const child = await ChildTrainingEngine.open(options, state(), clock, program);
    const step = expect(child.step([input(0)])).rejects.toMatchObject({
      code: 'training_failed',
      message: 'the training process used no CPU time for 120 s and was killed',
    });
    for (let look = 0; look < 10; look += 1) {
      await vi.waitFor(() => expect(clock.delaysMs).toEqual([12_000]), 10_000);
      clock.advance(12_000);
    }
    await step;
    await child.close();
  });

  it('fails with ONNX Runtime’s message when it can’t open its models', async () => {
    const opening = ChildTrainingEngine.open({ ...options, device: 'cuda:0' }, state());
    await expect(opening).rejects.toMatchObject({ code: 'training_failed' });
  });
});
