// @module-tag slow
import { afterAll, describe, expect, it, vi } from 'vitest';
import { seededRandom } from '../../../../test/support/random.ts';
import { BatchStream, partBatches } from '../dataset/batches/batch-stream.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { type Rows, toRows } from '../step/state-layout.ts';
import { SessionTrainingEngine, type TrainingState } from '../step/training-engine.ts';
import { planTraining } from '../step/training-graph.ts';
import type { Checkpoint, Progress } from './checkpoint.ts';
import { initialParameters } from './initialize.ts';
import type { MetricLine } from './run-files.ts';
import { NOTHING_YET, type TrainerOptions, train } from './trainer.ts';

const graph = {
  batchSize: 4,
  cropSize: 96,
  classes: 2,
  width: 1 / 8,
  momentum: 0.9,
  weightDecay: 1e-4,
  stepsPerCall: 1,
};
const plan = planTraining(graph);
const schedule = {
  policy: { kind: 'step', every: 0.33, gamma: 0.1 },
  learningRate: 0.002,
  warmup: 2,
  steps: 9,
} as const;
const BEGIN: Progress = { step: 0, position: { epoch: 0, batch: 0 }, epochSoFar: NOTHING_YET };

/** Twelve photos to learn from, four to validate with: LIKE is bright on the left, NOPE on the right, under noise. */
const dataset: Pick<Dataset, 'photos' | 'mean' | 'numbersOf' | 'readPhoto'> = {
  photos: Array.from({ length: 16 }, (_, number) => ({
    id: number.toString(16).padStart(16, '0'),
    label: number % 2 === 0 ? 'NOPE' : 'LIKE',
    part: number < 12 ? 'training' : 'validation',
    profile: number,
    path: '',
  })),
  mean: new Float32Array(256 * 256).fill(128),
  numbersOf: (part) =>
    Array.from({ length: 16 }, (_, number) => number).filter((number) => number < 12 === (part === 'training')),
  readPhoto: async (number, into) => {
    const random = seededRandom(number);
    for (let at = 0; at < into.length; at += 1) {
      into[at] = 80 + 60 * random() + (at % 256 < 128 === (number % 2 === 1) ? 60 : 0);
    }
  },
};

/** All that a run leaves behind. */
interface Kept {
  readonly lines: MetricLine[];
  readonly checkpoints: Map<'last' | 'best', Checkpoint>;
}

/** One engine for each count of steps in a call: opening one takes longer than a run. */
const engines = new Map<number, Promise<SessionTrainingEngine>>();
function engineOf(stepsPerCall: number): Promise<SessionTrainingEngine> {
  const options = { graph: { ...graph, stepsPerCall }, device: 'cpu', threads: 1 } as const;
  const engine = engines.get(stepsPerCall) ?? SessionTrainingEngine.open(options, noState());
  engines.set(stepsPerCall, engine);
  return engine;
}
afterAll(async () => {
  for (const engine of engines.values()) await (await engine).close();
});

const copied = ({ weights, biases }: Rows): Rows => ({ weights: weights.slice(), biases: biases.slice() });

async function run(
  kept: Kept,
  from: Checkpoint | undefined,
  { stepsPerCall = 1, ...changed }: Partial<TrainerOptions> = {},
) {
  const parameters = toRows(plan.layout, initialParameters(plan.shapes, 5));
  const state = from ?? { parameters, momenta: noState().momenta };
  const engine = await engineOf(stepsPerCall);
  await engine.load(state);
  const batches = { batchSize: graph.batchSize, cropSize: graph.cropSize, mean: 'image' } as const;
  const progress = from?.progress ?? BEGIN;
  const stream = new BatchStream(dataset as Dataset, {
    ...batches,
    mirror: true,
    seed: 5,
    ahead: 2,
    now: () => 0,
    position: progress.position,
  });
  try {
    return await train(
      {
        engine,
        stream,
        validation: () => partBatches(dataset as Dataset, 'validation', batches),
        schedule,
        masks: plan.masks,
        classes: 2,
        stepsPerCall,
        seed: 5,
        save: async (which, { progress: at, parameters: rows, momenta }) => {
          kept.checkpoints.set(which, { progress: at, parameters: copied(rows), momenta: copied(momenta) });
        },
        report: (line) => kept.lines.push(line),
        signal: new AbortController().signal,
        now: () => 0,
        saveEveryMs: 1,
        ...changed,
      },
      progress,
    );
  } finally {
    await stream.close();
  }
}

const noState = (): TrainingState => {
  const rows = () => ({
    weights: new Float32Array(plan.layout.weights.size),
    biases: new Float32Array(plan.layout.biases.size),
  });
  return { parameters: rows(), momenta: rows() };
};
const nothingKept = (): Kept => ({ lines: [], checkpoints: new Map() });

// Sessions take long to open on a machine that does something else.
vi.setConfig({ testTimeout: 60_000 });

describe('a run', () => {
  it('that was interrupted and gone on with is bit for bit one that was not', async () => {
    const whole = nothingKept();
    expect(await run(whole, undefined)).toMatchObject({ ended: 'finished', progress: { step: 9 } });

    const parts = nothingKept();
    for (const steps of [2, 3, 9]) {
      // within the first epoch, after it, to the end
      const stop = new AbortController();
      const report = (line: MetricLine) => {
        parts.lines.push(line);
        if (line.kind === 'step' && line.step === steps) stop.abort();
      };
      const end = await run(parts, parts.checkpoints.get('last'), { report, signal: stop.signal });
      expect(end.progress.step).toBe(steps);
      expect(parts.checkpoints.get('last')!.progress).toEqual(end.progress);
    }
    expect(parts.lines).toEqual(whole.lines);
    expect(parts.checkpoints.get('last')).toEqual(whole.checkpoints.get('last'));
    expect(parts.checkpoints.get('best')).toEqual(whole.checkpoints.get('best'));
  });

  it('tells every step, and after every epoch what it learnt and how it validates; the best is kept', async () => {
    const kept = nothingKept();
    await run(kept, undefined);
    expect(kept.lines.map((line) => (line.kind === 'step' ? line.step : line.part))).toEqual([
      1,
      2,
      3,
      'training',
      'validation',
      4,
      5,
      6,
      'training',
      'validation',
      7,
      8,
      9,
      'training',
      'validation',
    ]);
    const validations = kept.lines.filter((line) => line.kind === 'epoch' && line.part === 'validation');
    const best = validations.toSorted((a, b) => a.loss - b.loss)[0]!;
    expect(kept.checkpoints.get('best')!.progress.best).toEqual({ step: best.step, loss: best.loss });
    expect(kept.lines.flatMap((line) => (line.kind === 'step' ? [line.learningRate] : []))).toEqual(
      [0.001, 0.002, 0.002, 0.0002, 0.0002, 0.0002, 2e-5, 2e-5, 2e-5].map((rate) => expect.closeTo(rate, 12)),
    );
  });

  it('does the same with three steps in a call', async () => {
    const [single, looped] = [nothingKept(), nothingKept()];
    await run(single, undefined);
    await run(looped, undefined, { stepsPerCall: 3 });
    expect(looped.lines).toEqual(
      single.lines.map((line) =>
        line.kind === 'step' ? { ...line, imagesPerSecond: 3 * line.imagesPerSecond } : line,
      ),
    );
    expect(looped.checkpoints.get('last')).toEqual(single.checkpoints.get('last'));
  });

  it('stops where the loss is no number any more, says what to try, and keeps no broken checkpoint', async () => {
    const kept = nothingKept();
    const running = run(kept, undefined, { schedule: { ...schedule, learningRate: 1e12, warmup: 0 } });
    await expect(running).rejects.toMatchObject({ code: 'training_diverged' });
    await expect(running).rejects.toThrow(/step \d, at a learning rate of 1000000000000, .* lower --learning-rate/);
    for (const { parameters } of kept.checkpoints.values())
      expect(parameters.weights.every(Number.isFinite)).toBe(true);
  });
});
