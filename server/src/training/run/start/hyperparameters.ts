import { CROP_SIZE, DECODED_SIZE } from '@swipenet/shared/photo.ts';
import * as z from 'zod';
import { EMBEDDED_IDS } from '../../../registry/model-folders.ts';
import { batchesPerEpoch, MEAN_KINDS } from '../../dataset/batches/batch-stream.ts';
import { POLICY_FORMS, parsePolicy } from '../../step/schedule.ts';

/** How a run starts, which some defaults depend on. */
export interface TrainingStart {
  /** True if training starts from pretrained parameters. */
  readonly pretrained: boolean;
  /** The number of steps of the whole run. */
  readonly steps: number;
}

/** A default that depends on how training starts. */
interface DerivedDefault<Value> {
  /** The default as the help shows it. */
  readonly words: string;
  readonly from: (start: TrainingStart) => Value;
}

/** A hyperparameter with values of one type. */
interface HyperparameterOf<Value> {
  /** Its flag of `swipenet train`: `--epochs <count>`, or `--no-mirror` for one that is on by default. */
  readonly flag: string;
  readonly help: string;
  /**
   * Parses a value from the command line or from `run.json`. Error messages continue a sentence that starts with the
   * flag, such as "must be …".
   */
  readonly schema: z.ZodType<Value>;
  /** The value if the flag is absent. */
  readonly default: Value | DerivedDefault<Value>;
  /** `full` if it only applies to training the whole network, `any` if it applies to a head too. */
  readonly mode: 'full' | 'any';
}

/** A hyperparameter: everything that the command line, its help and a run's configuration need to know about it. */
export type Hyperparameter = HyperparameterOf<string> | HyperparameterOf<number> | HyperparameterOf<boolean>;

/** Numbers are text on the command line and numbers in `run.json`. */
const numberOf = (given: unknown) => {
  if (typeof given !== 'string') return given;
  return /^\d*\.?\d+(e-?\d+)?$/.test(given) ? Number(given) : Number.NaN;
};

function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER) {
  const bounds = most === Number.MAX_SAFE_INTEGER ? `, ${least} or more` : ` from ${least} to ${most}`;
  const words = `must be a whole number${bounds}`;
  return z.preprocess(numberOf, z.int(words).min(least, words).max(most, words));
}

const number = (words: string, isValid: (value: number) => boolean) =>
  z.preprocess(numberOf, z.number(words).refine(isValid, words));

/**
 * Every hyperparameter, under its one name in the code and in `run.json`. To add one, add an entry here. The flags of
 * `train`, the schema of a run's configuration and the command in a model's manifest follow from it. The defaults come
 * from the article or from DIGITS (docs/training.md).
 */
export const HYPERPARAMETERS = {
  init: {
    flag: '--init <what>',
    help: 'where to start: base or quality (embedded), none, a model’s folder, or a file of weights (safetensors or ONNX)',
    schema: z.string().min(1, 'must not be empty'),
    default: EMBEDDED_IDS[0],
    mode: 'any',
  },
  epochs: {
    flag: '--epochs <count>',
    help: 'how many times to go through the training set',
    schema: wholeNumber(1),
    default: 25,
    mode: 'full',
  },
  batchSize: {
    flag: '--batch-size <count>',
    help: 'photos per step',
    schema: wholeNumber(1),
    default: 32,
    mode: 'full',
  },
  learningRate: {
    flag: '--learning-rate <rate>',
    help: 'base learning rate',
    schema: number('must be a number above 0', (value) => value > 0),
    default: {
      words: '0.01 from scratch, 0.001 from a model',
      // The article's learning rate would destroy what a pretrained network has learned.
      from: ({ pretrained }) => (pretrained ? 0.001 : 0.01),
    },
    mode: 'full',
  },
  momentum: {
    flag: '--momentum <share>',
    help: 'fraction of the previous update that goes into the next',
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
    help: 'learning rate schedule: step:PERCENT%:GAMMA, exp, poly, sigmoid or fixed',
    schema: z.string().refine((text) => parsePolicy(text), `must be ${POLICY_FORMS}`),
    default: 'step:33%:0.1',
    mode: 'full',
  },
  warmup: {
    flag: '--warmup <steps>',
    help: 'steps over which the learning rate ramps up to its base value',
    schema: wholeNumber(0),
    default: {
      words: '0 from scratch; 20 from a model, but at most a tenth of the run',
      // New classifiers have large gradients at first. The warm-up keeps them from wrecking a pretrained network.
      from: ({ pretrained, steps }) => (pretrained ? Math.min(20, Math.floor(steps / 10)) : 0),
    },
    mode: 'full',
  },
  cropSize: {
    flag: '--crop-size <pixels>',
    help: 'side length of the random crops',
    schema: wholeNumber(96, DECODED_SIZE), // the auxiliary classifiers need 96 pixels
    default: CROP_SIZE,
    mode: 'full',
  },
  mirror: {
    flag: '--no-mirror',
    help: 'don’t mirror a random half of the photos',
    schema: z.boolean(),
    default: true,
    mode: 'full',
  },
  mean: {
    flag: '--mean <kind>',
    help: 'what to subtract from photos: the mean image (image), or its average level (pixel)',
    schema: z.enum(MEAN_KINDS, `must be ${MEAN_KINDS.join(' or ')}`),
    default: 'image',
    mode: 'full',
  },
  seed: {
    flag: '--seed <number>',
    help: 'random seed for folds, shuffling, crops, dropout and initialization',
    schema: wholeNumber(0, 2 ** 32 - 1),
    default: 0,
    mode: 'any',
  },
} as const satisfies Record<string, Hyperparameter>;

type Table = typeof HYPERPARAMETERS;

export type HyperparameterName = keyof Table;

export type Hyperparameters = { readonly [Name in HyperparameterName]: z.output<Table[Name]['schema']> };

type DerivedName = {
  [Name in HyperparameterName]: Table[Name]['default'] extends DerivedDefault<unknown> ? Name : never;
}[HyperparameterName];

/** The hyperparameters of a new run. Those whose default depends on how training starts may be left out. */
export type GivenHyperparameters = Omit<Hyperparameters, DerivedName> & {
  readonly [Name in DerivedName]?: Hyperparameters[Name] | undefined;
};

/** The names of the hyperparameters, in the order of the table. */
export const HYPERPARAMETER_NAMES = Object.keys(HYPERPARAMETERS) as readonly HyperparameterName[];

/** The schemas of the hyperparameters by name, for an object schema. */
export const hyperparameterSchemas = Object.fromEntries(
  HYPERPARAMETER_NAMES.map((name) => [name, HYPERPARAMETERS[name].schema]),
) as { [Name in HyperparameterName]: Table[Name]['schema'] };

/** The defaults that don't depend on how training starts. */
export const DEFAULTS = Object.fromEntries(
  HYPERPARAMETER_NAMES.flatMap((name) => {
    const { default: value }: Hyperparameter = HYPERPARAMETERS[name];
    return typeof value === 'object' ? [] : [[name, value]];
  }),
) as Omit<Hyperparameters, DerivedName>;

/** Returns the number of steps in the given number of epochs. */
export function stepsOf({ epochs, batchSize }: Pick<Hyperparameters, 'epochs' | 'batchSize'>, photos: number): number {
  return epochs * batchesPerEpoch(photos, batchSize);
}

/** Fills in the missing hyperparameters. Ignores properties of `given` that aren't hyperparameters. */
export function withDefaults(given: GivenHyperparameters, start: TrainingStart): Hyperparameters {
  const values = HYPERPARAMETER_NAMES.map((name) => {
    const { default: value }: Hyperparameter = HYPERPARAMETERS[name];
    return [name, given[name] ?? (typeof value === 'object' ? value.from(start) : value)];
  });
  return Object.fromEntries(values) as Hyperparameters;
}

/** Returns a hyperparameter's flag without its value: `--batch-size`. */
export const flagOf = (name: HyperparameterName) => HYPERPARAMETERS[name].flag.split(' ')[0]!;

/** Formats hyperparameters as flags: `--epochs 25 --no-mirror`. */
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
