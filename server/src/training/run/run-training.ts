import { CommandError } from '../../command-error.ts';
import type { Weights } from '../../googlenet/weights.ts';
import { type Batch, BatchStream, batchesPerEpoch, partBatches } from '../dataset/batches/batch-stream.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { parsePolicy, type Schedule } from '../step/schedule.ts';
import { toRows } from '../step/state-layout.ts';
import type { TrainingEngine, TrainingEngineOptions, TrainingState } from '../step/training-engine.ts';
import { planTraining } from '../step/training-graph.ts';
import { type Checkpoint, readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import type { MetricLine, Prediction } from './run-files.ts';
import { checkpointPath, openMetrics, type RunConfiguration } from './run-folder.ts';
import { NOTHING_YET, type TrainingEnd, train } from './trainer.ts';

/** NOPE and LIKE. */
const CLASSES = 2;

/** Steps in one call on CUDA, where each call moves the whole state there and back; a CPU takes one, so that it stops at once. */
const CUDA_STEPS_PER_CALL = 8;

/** Batches that are prepared while a step computes: one would do, for a step takes longer. */
const BATCHES_AHEAD = 3;

/** Within an epoch a checkpoint is kept after so long. */
const SAVE_EVERY_MS = 10 * 60_000;

/** The engine's side of a configuration. */
export function engineOptions({ batch, side, momentum, weightDecay, device, threads }: RunConfiguration) {
  const stepsPerCall = device === 'cpu' ? 1 : CUDA_STEPS_PER_CALL;
  const graph = { batch, side, classes: CLASSES, width: 1, momentum, weightDecay, stepsPerCall };
  return { graph, device, threads } satisfies TrainingEngineOptions;
}

/** How the learning rate goes in a run on so many photos. */
export function scheduleOf(configuration: RunConfiguration, trainingPhotos: number): Schedule {
  const { epochs, batch, policy, rate, warmup } = configuration;
  const { stepsPerCall } = engineOptions(configuration).graph;
  const steps = stepsPerCall * Math.ceil((epochs * batchesPerEpoch(trainingPhotos, batch)) / stepsPerCall);
  return { policy: parsePolicy(policy), rate, warmup, steps };
}

/** Keeps the first checkpoint of a run: no step behind. From here on a new run is one that is gone on with. */
export async function beginRun(folder: string, configuration: RunConfiguration, parameters: Weights): Promise<void> {
  const { layout } = planTraining(engineOptions(configuration).graph);
  const rows = toRows(layout, parameters);
  const momenta = { weights: new Float32Array(layout.weights.size), biases: new Float32Array(layout.biases.size) };
  const progress = { step: 0, position: { epoch: 0, batch: 0 }, epochSoFar: NOTHING_YET };
  await writeCheckpoint(checkpointPath(folder, 'last'), layout, { progress, parameters: rows, momenta });
}

/** What a run needs of the world. */
export interface RunOptions {
  readonly folder: string;
  readonly configuration: RunConfiguration;
  readonly dataset: Dataset;
  readonly openEngine: (options: TrainingEngineOptions, state: TrainingState) => Promise<TrainingEngine>;
  readonly report: (line: MetricLine) => void;
  readonly signal: AbortSignal;
  /** Milliseconds since some moment. */
  readonly now: () => number;
}

/** What came of a run that went to its end: its best checkpoint, and what that says of the validation part. */
export interface BestModel {
  readonly checkpoint: Checkpoint;
  readonly predictions: readonly Prediction[];
}

/** How a run ended. */
export interface RunEnd extends TrainingEnd {
  /** `undefined` where it was stopped. */
  readonly best: BestModel | undefined;
}

/**
 * Goes on with a run from its last checkpoint, to its end or until the signal aborts. Metrics go into its folder, and to
 * `report`.
 *
 * @throws CommandError `run_invalid` for another data set than the run's; and what {@link train} throws.
 */
export async function runTraining(options: RunOptions): Promise<RunEnd> {
  const { folder, configuration, dataset, report, signal, now } = options;
  if (dataset.id !== configuration.data.id) {
    throw new CommandError(
      'run_invalid',
      `${folder} learnt from another data set than ${configuration.data.folder} is now`,
    );
  }
  const engineSide = engineOptions(configuration);
  const { layout, masks } = planTraining(engineSide.graph);
  const last = await readCheckpoint(checkpointPath(folder, 'last'), layout);
  const append = await openMetrics(folder, last.progress.step);
  const batches = { batchSize: configuration.batch, side: configuration.side, mean: configuration.mean };
  const { mirror, seed } = configuration;
  const { position } = last.progress;
  const stream = new BatchStream(dataset, { ...batches, mirror, seed, position, ahead: BATCHES_AHEAD, now });
  const engine = await options.openEngine(engineSide, last);
  try {
    const end = await train(
      {
        engine,
        stream,
        validation: () => partBatches(dataset, 'validation', batches),
        schedule: scheduleOf(configuration, dataset.numbersOf('training').length),
        masks,
        classes: CLASSES,
        stepsPerCall: engineSide.graph.stepsPerCall,
        seed,
        save: (which, checkpoint) => writeCheckpoint(checkpointPath(folder, which), layout, checkpoint),
        report: (line) => {
          append(line);
          report(line);
        },
        signal,
        now,
        saveEveryMs: SAVE_EVERY_MS,
      },
      last.progress,
    );
    if (end.ended === 'stopped') return { ...end, best: undefined };
    const checkpoint = await readCheckpoint(checkpointPath(folder, 'best'), layout);
    await engine.load(checkpoint);
    const predictions = await predict(engine, dataset, partBatches(dataset, 'validation', batches));
    return { ...end, best: { checkpoint, predictions } };
  } finally {
    await stream.close();
    await engine.close();
  }
}

async function predict(engine: TrainingEngine, { photos }: Dataset, part: AsyncIterable<Batch>): Promise<Prediction[]> {
  const predictions: Prediction[] = [];
  for await (const batch of part) {
    const logits = await engine.evaluate(batch.photos);
    for (const [index, number] of batch.numbers.entries()) {
      const { id, profile, label } = photos[number]!;
      predictions.push({ id, profile, label, margin: logits[CLASSES * index + 1]! - logits[CLASSES * index]! });
    }
  }
  return predictions;
}
