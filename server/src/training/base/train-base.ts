import { join } from 'node:path';
import { CommandError } from '../../command-error.ts';
import { openSession, type Session } from '../../runtime/session.ts';
import { GROUPS, type Rows, toRows } from '../step/state-layout.ts';
import { correctedRate, cosineRateAt } from './adam.ts';
import {
  type BaseCheckpoint,
  type BaseConfiguration,
  type BaseLogLine,
  createBaseRun,
  openBaseLog,
  readBaseCheckpoint,
  readBaseRun,
  writeBaseCheckpoint,
} from './base-checkpoint.ts';
import { type CropBatch, CropStream, spread } from './crop-stream.ts';
import { buildTeacherModel, LOSS_PARTS, lossOf, planStudent, type StudentPlan } from './distillation-graph.ts';
import { measureScales } from './feature-scales.ts';
import { PictureCache } from './picture-cache.ts';
import { StudentEngine } from './student-engine.ts';
import { type ColorNetwork, readColorNetwork, type TeacherMaps, teacherMaps } from './teacher.ts';

/** How often to do what, in steps or milliseconds. */
const EVERY = { log: 10, average: 5, validation: 100, saveMs: 5 * 60_000 } as const;

/** Every 20th picture is for validation. */
const HELD_OUT = 20;

/** The number of pictures to validate on. */
const VALIDATION_PICTURES = 64;

/** Separates the crops of steps from other random numbers. */
const STEPS = 0x73746570;

/** How to run the trainer. */
export interface BaseOptions {
  /** The run's folder: its configuration, checkpoint, log and cache of pictures. */
  readonly folder: string;
  /** The settings of a new run, or `resume` for those of the run in the folder. */
  readonly configuration: BaseConfiguration | 'resume';
  readonly cores: number;
  /** Aborts to stop after the current step, with a checkpoint. */
  readonly signal: AbortSignal;
  /** Returns milliseconds since an arbitrary moment. */
  readonly now: () => number;
  readonly onLine: (line: BaseLogLine) => void;
  readonly onProgress: (title: string, done: number, total: number) => void;
}

/**
 * Trains the student until its last step, or until the signal aborts.
 *
 * @returns the number of completed steps, and of the run's.
 * @throws CommandError `run_exists`, `run_missing`, `run_invalid`, `run_unwritable`, `training_diverged`,
 *   `weights_invalid`, or what opening the pictures throws.
 */
export async function trainBase(options: BaseOptions): Promise<{ step: number; steps: number }> {
  const { folder, configuration: given, cores, onLine, onProgress } = options;
  if (given !== 'resume') await createBaseRun(folder, given);
  const configuration = given === 'resume' ? await readBaseRun(folder) : given;
  const { cropSize, seed, batchSize, photos, validate, drawn, init } = configuration;
  const network = await readColorNetwork(init);
  const plan = planStudent({ cropSize, width: 1 });
  const saved = await readBaseCheckpoint(folder, plan.layout);
  const mustExist = saved !== undefined;
  const sources = { workers: cores, onProgress: (done: number, total: number) => onProgress('pictures', done, total) };
  await using cache = await PictureCache.open(
    join(folder, 'pictures'),
    { folders: photos, drawn, ...sources },
    mustExist,
  );
  onLine({ kind: 'pictures', step: saved?.step ?? 0, used: cache.pictures.length, leftOut: cache.leftOut });
  const ownValidation = { folders: validate, drawn: 0, ...sources };
  await using others =
    validate.length > 0 ? await PictureCache.open(join(folder, 'validation'), ownValidation, mustExist) : undefined;
  const numbers = cache.pictures.map((_, number) => number);
  const held = (number: number) => !others && number % HELD_OUT === HELD_OUT - 1;
  const shared = { cropSize, seed, levels: { mean: network.mean, means: network.means } };
  const stream = new CropStream({ cache, pictures: numbers.filter((number) => !held(number)), ...shared });
  const heldOut = others ? [...others.pictures.keys()] : numbers.filter(held);
  const validation = new CropStream({
    cache: others ?? cache,
    pictures: spread(heldOut, VALIDATION_PICTURES),
    ...shared,
  });

  const teacher = await openSession({
    model: buildTeacherModel(network.color, cropSize),
    device: 'cpu',
    threads: cores,
  });
  const checkpoint =
    saved ??
    firstCheckpoint(
      plan,
      network,
      await measureScales(teacher, stream, (done, total) => onProgress('scales', done, total)),
    );
  const engine = await StudentEngine.open(
    { shape: { cropSize, width: 1 }, batchSize, scales: checkpoint.scales, threads: cores },
    checkpoint.state,
  );
  try {
    return await steps({ ...options, configuration, plan, teacher, engine, stream, validation }, checkpoint);
  } finally {
    await Promise.all([engine.close(), teacher.close()]);
  }
}

interface Loop extends Omit<BaseOptions, 'configuration'> {
  readonly configuration: BaseConfiguration;
  readonly plan: StudentPlan;
  readonly teacher: Session;
  readonly engine: StudentEngine;
  readonly stream: CropStream;
  readonly validation: CropStream;
}

/** Takes the steps that are left. */
async function steps(loop: Loop, from: BaseCheckpoint): Promise<{ step: number; steps: number }> {
  const { folder, configuration, plan, teacher, engine, stream, signal, now, onLine } = loop;
  const { batchSize } = configuration;
  const average = copyOf(from.average);
  const append = await openBaseLog(folder, from.step);
  const report = async (line: BaseLogLine) => {
    await append(line);
    onLine(line);
  };
  const save = (step: number) =>
    writeBaseCheckpoint(folder, plan.layout, { step, state: engine.state, average, scales: from.scales });
  const validate = await validator(loop);

  let step = from.step;
  let savedAt = now();
  let window = { parts: LOSS_PARTS.map(() => 0), steps: 0, crops: 0, teacher: 0, step: 0 };
  if (step === 0) await report({ kind: 'validation', step, ...(await validate(engine.state.parameters, average)) });
  while (step < configuration.steps && !signal.aborted) {
    const learningRate = cosineRateAt(configuration, step);
    const begin = now();
    const batch = await stream.random(batchSize, STEPS, step);
    const cropped = now();
    const maps = await teacherMaps(teacher, batch);
    const taught = now();
    const parts = await engine.step(batch, maps, correctedRate(learningRate, step));
    step += 1;
    if (!parts.every(Number.isFinite)) {
      const message = `the loss of step ${step} isn’t a number. Lower --learning-rate`;
      throw new CommandError('training_diverged', message);
    }
    window = {
      parts: window.parts.map((sum, index) => sum + parts[index]!),
      steps: window.steps + 1,
      crops: window.crops + cropped - begin,
      teacher: window.teacher + taught - cropped,
      step: window.step + now() - taught,
    };
    if (step % EVERY.average === 0) moveAverage(average, engine.state.parameters, decayAt(configuration, step));
    if (step % EVERY.log === 0 || step === configuration.steps) {
      const mean = window.parts.map((sum) => sum / window.steps);
      const ms = window.crops + window.teacher + window.step;
      const perStep = (sum: number) => rounded(sum / window.steps / 1000);
      await report({
        ...{ kind: 'step', step, ...lossFigures(mean), learningRate: rounded(learningRate) },
        imagesPerSecond: rounded((window.steps * batchSize * 1000) / ms),
        secondsPerStep: { crops: perStep(window.crops), teacher: perStep(window.teacher), step: perStep(window.step) },
      });
      window = { parts: LOSS_PARTS.map(() => 0), steps: 0, crops: 0, teacher: 0, step: 0 };
    }
    if (step % EVERY.validation === 0 || step === configuration.steps) {
      await report({ kind: 'validation', step, ...(await validate(engine.state.parameters, average)) });
    }
    if (now() - savedAt >= EVERY.saveMs) {
      await save(step);
      savedAt = now();
    }
  }
  await save(step);
  return { step, steps: configuration.steps };
}

/** Returns a function that evaluates the student and its moving average on the validation pictures. */
async function validator({ teacher, engine, validation }: Loop) {
  const crops: CropBatch = await validation.served();
  const maps: TeacherMaps = await teacherMaps(teacher, crops);
  return async (parameters: Rows, average: Rows) => ({
    ...lossFigures(await engine.evaluate(parameters, crops, maps)),
    average: lossFigures(await engine.evaluate(average, crops, maps)),
  });
}

function firstCheckpoint(plan: StudentPlan, network: ColorNetwork, scales: BaseCheckpoint['scales']): BaseCheckpoint {
  const zeros = () => ({
    weights: new Float32Array(plan.layout.weights.size),
    biases: new Float32Array(plan.layout.biases.size),
  });
  const parameters = toRows(plan.layout, network.gray);
  return { step: 0, state: { parameters, first: zeros(), second: zeros() }, average: copyOf(parameters), scales };
}

/** How much of the average stays at an update. Early on it is less, so that the average soon forgets the start. */
function decayAt({ averageDecay }: BaseConfiguration, step: number): number {
  return Math.min(averageDecay, (1 + step) / (10 + step)) ** EVERY.average;
}

/** Moves an average toward parameters, in place. */
function moveAverage(average: Rows, parameters: Rows, decay: number): void {
  for (const group of GROUPS) {
    const [into, from] = [average[group], parameters[group]];
    for (let at = 0; at < into.length; at += 1) into[at]! += (1 - decay) * (from[at]! - into[at]!);
  }
}

const copyOf = ({ weights, biases }: Rows): Rows => ({ weights: weights.slice(), biases: biases.slice() });

function lossFigures(parts: readonly number[]): Record<string, number> {
  const named = LOSS_PARTS.map(({ name }, index) => [name, rounded(parts[index]!)] as const);
  return { loss: rounded(lossOf(parts)), ...Object.fromEntries(named) };
}

const rounded = (number: number) => Number(number.toPrecision(5));
