import { CROP_SIZE, DECODED_SIZE } from '@swipenet/shared/photo.ts';
import * as z from 'zod';
import { batchesPerEpoch, MEAN_KINDS } from '../dataset/batches/batch-stream.ts';
import { POLICY_FORMS, parsePolicy } from '../step/schedule.ts';

/** What a default may depend on. */
export interface TrainingStart {
  /** True if training starts from parameters that have already learned something. */
  readonly pretrained: boolean;
  /** Steps of the whole run. */
  readonly steps: number;
}

/** A default that depends on how training starts. */
export interface DerivedDefault<Value> {
  /** For the help. */
  readonly words: string;
  readonly from: (start: TrainingStart) => Value;
}

/** One hyperparameter whose values are of a type. */
interface HyperparameterOf<Value> {
  /** How `swipenet train` takes it: `--epochs <count>`, or `--no-mirror` to turn it off. */
  readonly flag: string;
  readonly help: string;
  /** Parses a value from the command line or from `run.json`. Its messages complete a sentence that begins with the flag. */
  readonly schema: z.ZodType<Value>;
  /** Holds when the flag is absent. */
  readonly default: Value | DerivedDefault<Value>;
  /** `full` if it only applies to training the whole network, `any` if it applies to a head too. */
  readonly mode: 'full' | 'any';
}

/** One hyperparameter: everything that the command line, a run's configuration and the help need to know of it. */
export type Hyperparameter = HyperparameterOf<string> | HyperparameterOf<number> | HyperparameterOf<boolean>;

/** The command line gives numbers as text; `run.json` has them as numbers. */
const numberOf = (given: unknown) => {
  if (typeof given !== 'string') return given;
  return /^\d*\.?\d+(e-?\d+)?$/.test(given) ? Number(given) : Number.NaN;
};

function whole(least: number, most = Number.MAX_SAFE_INTEGER) {
  const bounds = most === Number.MAX_SAFE_INTEGER ? `, ${least} or more` : ` from ${least} to ${most}`;
  const words = `must be a whole number${bounds}`;
  return z.preprocess(numberOf, z.int(words).min(least, words).max(most, words));
}

const number = (words: string, isValid: (value: number) => boolean) =>
  z.preprocess(numberOf, z.number(words).refine(isValid, words));

/**
 * Every hyperparameter, under its one name in code and in `run.json`. To add one, add an entry here: the flags of
 * `train`, the schema of a run's configuration, and the command in a model's manifest follow. Defaults are the
 * article's or DIGITS' (docs/training.md).
 */
export const HYPERPARAMETERS = {
  init: {
    flag: '--init <what>',
    help: 'start from: embedded, none, a model’s folder, or a file of weights: safetensors or ONNX',
    schema: z.string().min(1, 'must not be empty'),
    default: 'embedded',
    mode: 'any',
  },
  epochs: {
    flag: '--epochs <count>',
    help: 'how often every photo is seen',
    schema: whole(1),
    default: 25,
    mode: 'full',
  },
  batchSize: {
    flag: '--batch-size <count>',
    help: 'photos per step',
    schema: whole(1),
    default: 32,
    mode: 'full',
  },
  learningRate: {
    flag: '--learning-rate <rate>',
    help: 'base learning rate',
    schema: number('must be a number above 0', (value) => value > 0),
    default: {
      words: '0.01 from nothing, 0.001 from a model',
      // The article's learning rate would spoil what a network has learned already.
      from: ({ pretrained }) => (pretrained ? 0.001 : 0.01),
    },
    mode: 'full',
  },
  momentum: {
    flag: '--momentum <share>',
    help: 'share of the last update in the next',
    schema: number('must be a number from 0 to 1', (value) => value >= 0 && value <= 1),
    default: 0.9,
    mode: 'full',
  },
  weightDecay: {
    flag: '--weight-decay <share>',
    help: 'how strongly weights are pulled toward zero',
    schema: number('must be a number, 0 or more', (value) => value >= 0),
    default: 1e-4,
    mode: 'full',
  },
  policy: {
    flag: '--policy <policy>',
    help: 'how the learning rate changes: step:PERCENT%:GAMMA, exp, poly, sigmoid, fixed',
    schema: z.string().refine((text) => parsePolicy(text), `must be ${POLICY_FORMS}`),
    default: 'step:33%:0.1',
    mode: 'full',
  },
  warmup: {
    flag: '--warmup <steps>',
    help: 'steps over which the learning rate grows to its base',
    schema: whole(0),
    default: {
      words: '0 from nothing; 20 from a model, at most a tenth of the run',
      // It spares a network that has learned the first, large gradients of new heads.
      from: ({ pretrained, steps }) => (pretrained ? Math.min(20, Math.floor(steps / 10)) : 0),
    },
    mode: 'full',
  },
  cropSize: {
    flag: '--crop-size <pixels>',
    help: 'side of the crops',
    schema: whole(96, DECODED_SIZE), // the auxiliary heads need 96 pixels
    default: CROP_SIZE,
    mode: 'full',
  },
  mirror: {
    flag: '--no-mirror',
    help: 'do not mirror half of the photos',
    schema: z.boolean(),
    default: true,
    mode: 'full',
  },
  mean: {
    flag: '--mean <kind>',
    help: 'subtract the mean image, or its mean level as one number: image, pixel',
    schema: z.enum(MEAN_KINDS, `must be ${MEAN_KINDS.join(' or ')}`),
    default: 'image',
    mode: 'full',
  },
  seed: {
    flag: '--seed <number>',
    help: 'random seed for folds, shuffling, crops, dropout and initialization',
    schema: whole(0, 2 ** 32 - 1),
    default: 0,
    mode: 'any',
  },
} as const satisfies Record<string, Hyperparameter>;

type Table = typeof HYPERPARAMETERS;

/** The name of a hyperparameter. */
export type HyperparameterName = keyof Table;

/** A value for every hyperparameter. */
export type Hyperparameters = { readonly [Name in HyperparameterName]: z.output<Table[Name]['schema']> };

type DerivedName = {
  [Name in HyperparameterName]: Table[Name]['default'] extends DerivedDefault<unknown> ? Name : never;
}[HyperparameterName];

/** Values as they are given for a new run: those whose default depends on how training starts may be left open. */
export type GivenHyperparameters = Omit<Hyperparameters, DerivedName> & {
  readonly [Name in DerivedName]?: Hyperparameters[Name] | undefined;
};

/** The names, in the order of the table. */
export const HYPERPARAMETER_NAMES = Object.keys(HYPERPARAMETERS) as readonly HyperparameterName[];

/** The schema of each hyperparameter, for an object that has them under their names. */
export const hyperparameterSchemas = Object.fromEntries(
  HYPERPARAMETER_NAMES.map((name) => [name, HYPERPARAMETERS[name].schema]),
) as { [Name in HyperparameterName]: Table[Name]['schema'] };

/** The defaults that depend on nothing. */
export const DEFAULTS = Object.fromEntries(
  HYPERPARAMETER_NAMES.flatMap((name) => {
    const { default: value }: Hyperparameter = HYPERPARAMETERS[name];
    return typeof value === 'object' ? [] : [[name, value]];
  }),
) as Omit<Hyperparameters, DerivedName>;

/** The steps in which a run sees its training photos as often as it should. */
export function stepsOf({ epochs, batchSize }: Pick<Hyperparameters, 'epochs' | 'batchSize'>, photos: number): number {
  return epochs * batchesPerEpoch(photos, batchSize);
}

/** Decides what was left open. Takes the hyperparameters alone from what is given. */
export function withDefaults(given: GivenHyperparameters, start: TrainingStart): Hyperparameters {
  const values = HYPERPARAMETER_NAMES.map((name) => {
    const { default: value }: Hyperparameter = HYPERPARAMETERS[name];
    return [name, given[name] ?? (typeof value === 'object' ? value.from(start) : value)];
  });
  return Object.fromEntries(values) as Hyperparameters;
}

/** The flag of a hyperparameter by itself: `--batch-size`. */
export const flagOf = (name: HyperparameterName) => HYPERPARAMETERS[name].flag.split(' ')[0]!;

/** Hyperparameters as a command line has them: `--epochs 25 --no-mirror`. */
export function commandFlags(values: Partial<Hyperparameters>): string {
  const given = HYPERPARAMETER_NAMES.filter((name) => values[name] !== undefined);
  return given
    .flatMap((name) => {
      const value = values[name];
      if (typeof value !== 'boolean') return [`${flagOf(name)} ${value}`];
      return value ? [] : [flagOf(name)];
    })
    .join(' ');
}
