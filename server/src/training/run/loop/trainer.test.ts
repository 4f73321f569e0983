// @module-tag slow
import { afterAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../../test/support/random.ts';
import { type Batch, BatchStream, partBatches } from '../../dataset/batches/batch-stream.ts';
import type { Dataset } from '../../dataset/dataset.ts';
import { profileFigures } from '../../profiles/validation-profiles.ts';
import { oneHot } from '../../step/loss.ts';
import { type Rows, toRows } from '../../step/state-layout.ts';
import { SessionTrainingEngine, type TrainingState } from '../../step/training-engine.ts';
import { planTraining } from '../../step/training-graph.ts';
import type { Checkpoint, Progress } from '../folder/checkpoint.ts';
import type { MetricLine } from '../folder/run-files.ts';
import { initialParameters } from '../start/initialize.ts';
import { NO_STEPS_YET, type TrainerOptions, train } from './trainer.ts';
import { photoFigures, predict } from './validate.ts';

const graph = {
  batchSize: 4,
  cropSize: 96,
  classes: 2,
  width: 1 / 8,
  momentum: 0.9,
  weightDecay: 1e-4,
  stepsPerCall: 1,
  mean: new Float32Array(256 * 256).fill(128),
};
const plan = planTraining(graph);
const schedule = {
  policy: { kind: 'step', every: 0.33, gamma: 0.1 },
  learningRate: 0.002,
  warmup: 2,
  steps: 9,
} as const;
const START: Progress = { step: 0, position: { epoch: 0, batch: 0 }, epochSoFar: NO_STEPS_YET };

/** Twelve training photos and four for validation, with noise. LIKE is bright on the left, NOPE on the right. */
const dataset: Pick<Dataset, 'photos' | 'mean' | 'numbersOf' | 'readPhoto'> = {
  photos: Array.from({ length: 16 }, (_, number) => ({
    id: number.toString(16).padStart(16, '0'),
    label: number % 2 === 0 ? 'NOPE' : 'LIKE',
    part: number < 12 ? 'training' : 'validation',
    profile: number,
    path: '',
  })),
  mean: graph.mean,
  numbersOf: (part) =>
    Array.from({ length: 16 }, (_, number) => number).filter((number) => number < 12 === (part === 'training')),
  readPhoto: async (number, into) => {
    const random = seededRandom(number);
    for (let at = 0; at < into.length; at += 1) {
      into[at] = 80 + 60 * random() + (at % 256 < 128 === (number % 2 === 1) ? 60 : 0);
    }
  },
};

/** Everything that a run writes. */
interface RunOutput {
  readonly lines: MetricLine[];
  readonly checkpoints: Map<'last' | 'best', Checkpoint>;
}

/** One engine per number of steps in a call, because opening an engine takes longer than a run. */
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
  output: RunOutput,
  from: Checkpoint | undefined,
  { stepsPerCall = 1, ...changed }: Partial<TrainerOptions> = {},
) {
  const parameters = toRows(plan.layout, initialParameters(plan.shapes, 5));
  const state = from ?? { parameters, momenta: noState().momenta };
  const engine = await engineOf(stepsPerCall);
  await engine.load(state);
  const progress = from?.progress ?? START;
  const stream = new BatchStream(dataset as Dataset, {
    ...batches,
    mirror: true,
    seed: 5,
    ahead: 2,
    position: progress.position,
  });
  try {
    return await train(
      {
        engine,
        stream,
        targetsOf: ({ labels }) => oneHot(labels, 2),
        validate: () => photoFigures(engine, validation()),
        schedule,
        masks: plan.masks,
        classes: 2,
        stepsPerCall,
        seed: 5,
        save: async (which, { progress: at, parameters: rows, momenta }) => {
          output.checkpoints.set(which, { progress: at, parameters: copied(rows), momenta: copied(momenta) });
        },
        report: (line) => output.lines.push(line),
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

const batches = { batchSize: graph.batchSize, cropSize: graph.cropSize };
const validation = () => partBatches(dataset as Dataset, 'validation', batches);

/** How a run learns from whole profiles: soft targets of different weights, and figures of profiles. */
const byProfile = {
  targetsOf: ({ numbers }: Batch) =>
    Float32Array.from(numbers.flatMap((number) => (number % 2 === 0 ? [0.4 + number / 12, 0] : [0.1, number / 12]))),
  validate: async () => profileFigures(await predict(await engineOf(1), dataset, validation()), 5),
};

const noState = (): TrainingState => {
  const rows = () => ({
    weights: new Float32Array(plan.layout.weights.size),
    biases: new Float32Array(plan.layout.biases.size),
  });
  return { parameters: rows(), momenta: rows() };
};
const noOutput = (): RunOutput => ({ lines: [], checkpoints: new Map() });

describe('a run', () => {
  it.each<[string, Partial<TrainerOptions>]>([
    ['photos', {}],
    ['whole profiles', byProfile],
  ])(
    'that learns from %s is bit for bit the same whether or not it was interrupted and resumed',
    async (_, options) => {
      const through = noOutput();
      expect(await run(through, undefined, options)).toMatchObject({ ended: 'finished', progress: { step: 9 } });

      const parts = noOutput();
      for (const steps of [2, 3, 9]) {
        // in the first epoch, after it, and at the end
        const stop = new AbortController();
        const report = (line: MetricLine) => {
          parts.lines.push(line);
          if (line.kind === 'step' && line.step === steps) stop.abort();
        };
        const end = await run(parts, parts.checkpoints.get('last'), { ...options, report, signal: stop.signal });
        expect(end.progress.step).toBe(steps);
        expect(parts.checkpoints.get('last')!.progress).toEqual(end.progress);
      }
      expect(parts.lines).toEqual(through.lines);
      expect(parts.checkpoints.get('last')).toEqual(through.checkpoints.get('last'));
      expect(parts.checkpoints.get('best')).toEqual(through.checkpoints.get('best'));
    },
  );

  it('reports every step, reports both splits after every epoch, and saves the best checkpoint', async () => {
    const output = noOutput();
    await run(output, undefined);
    expect(output.lines.map((line) => (line.kind === 'step' ? line.step : line.part))).toEqual([
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
    const validations = output.lines.filter((line) => line.kind === 'epoch' && line.part === 'validation');
    const best = validations.toSorted((a, b) => a.loss - b.loss)[0]!;
    expect(output.checkpoints.get('best')!.progress.best).toEqual({ step: best.step, loss: best.loss });
    expect(output.lines.flatMap((line) => (line.kind === 'step' ? [line.learningRate] : []))).toEqual(
      [0.001, 0.002, 0.002, 0.0002, 0.0002, 0.0002, 2e-5, 2e-5, 2e-5].map((rate) => expect.closeTo(rate, 12)),
    );
  });

  it('takes the best checkpoint from the figures that it is given', async () => {
    const output = noOutput();
    const losses = [0.7, 0.5, 0.6];
    await run(output, undefined, { validate: async () => ({ loss: losses.shift()!, accuracy: 0.5 }) });
    expect(output.checkpoints.get('best')!.progress.best).toEqual({ step: 6, loss: 0.5 });
  });

  it('gives the same results with three steps per call', async () => {
    const [single, looped] = [noOutput(), noOutput()];
    await run(single, undefined);
    await run(looped, undefined, { stepsPerCall: 3 });
    expect(looped.lines).toEqual(
      single.lines.map((line) =>
        line.kind === 'step' ? { ...line, imagesPerSecond: 3 * line.imagesPerSecond } : line,
      ),
    );
    expect(looped.checkpoints.get('last')).toEqual(single.checkpoints.get('last'));
  });

  it('stops if the loss is no longer a finite number, says what to try, and saves no broken checkpoint', async () => {
    const output = noOutput();
    const running = run(output, undefined, { schedule: { ...schedule, learningRate: 1e12, warmup: 0 } });
    await expect(running).rejects.toMatchObject({ code: 'training_diverged' });
    await expect(running).rejects.toThrow(/step \d, at a learning rate of 1000000000000, .* Lower --learning-rate/);
    for (const { parameters } of output.checkpoints.values())
      expect(parameters.weights.every(Number.isFinite)).toBe(true);
  });
});
