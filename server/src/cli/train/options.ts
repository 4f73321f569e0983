import * as z from 'zod';
import { CommandError } from '../../command-error.ts';
import { modelIdSchema } from '../../registry/manifest.ts';
import {
  type GivenHyperparameters,
  HYPERPARAMETER_NAMES,
  HYPERPARAMETERS,
  type Hyperparameter,
  type HyperparameterName,
  type Hyperparameters,
} from '../../training/run/hyperparameters.ts';
import type { OptionDefinition, OptionValues } from '../command.ts';

type HyperparameterOptions<Name extends HyperparameterName> = {
  readonly [One in Name]: OptionDefinition & { readonly schema: z.ZodType<GivenHyperparameters[One]> };
};

/**
 * Makes options of some hyperparameters. One whose default depends on how training starts may be left open.
 *
 * @param defaults replace those of the table.
 */
export function hyperparameterOptions<const Names extends readonly HyperparameterName[]>(
  names: Names,
  defaults: Partial<Hyperparameters> = {},
): HyperparameterOptions<Names[number]> {
  const options = names.map((name) => {
    const { flag, help, schema, default: value }: Hyperparameter = HYPERPARAMETERS[name];
    const defaultValue = defaults[name] ?? value;
    if (typeof defaultValue === 'object') {
      return [name, { flag, help: `${help} (default: ${defaultValue.words})`, schema: schema.optional() }];
    }
    // `--no-mirror` takes no value: commander itself says true when it is absent.
    return [
      name,
      { flag, help, schema, ...(typeof defaultValue !== 'boolean' && { defaultValue: String(defaultValue) }) },
    ];
  });
  return Object.fromEntries(options) as HyperparameterOptions<Names[number]>;
}

/** The options of `train`. */
export const TRAIN_OPTIONS = {
  data: {
    flag: '--data <folder>',
    help: 'the data set to learn from (dataset build makes one)',
    schema: z.string().optional(),
  },
  mode: {
    flag: '--mode <mode>',
    help: 'full learns the whole network, head a classifier on its features, auto what is best for so many photos',
    schema: z.enum(['auto', 'full', 'head'], 'must be auto, full or head'),
    defaultValue: 'auto',
  },
  resume: {
    flag: '--resume <folder>',
    help: 'resume the run in this folder; every other flag is the run’s own',
    schema: z.string().optional(),
  },
  run: {
    flag: '--run <folder>',
    help: 'where the run is kept (default: runs/NAME in the home folder)',
    schema: z.string().optional(),
  },
  name: {
    flag: '--name <id>',
    help: 'id of the model that comes of it (default: the data set’s name, without .set)',
    schema: modelIdSchema.optional(),
  },
  ...hyperparameterOptions(HYPERPARAMETER_NAMES),
} satisfies Record<string, OptionDefinition>;

/** The options of `train`, parsed. */
export type TrainOptions = OptionValues<typeof TRAIN_OPTIONS>;

/** What `train` is asked to learn from: a data set, or a run that resumes. Throws CommandError `option_invalid`. */
export function sourceOf({
  data,
  resume,
}: Pick<TrainOptions, 'data' | 'resume'>): { data: string } | { resume: string } {
  if (data !== undefined && resume === undefined) return { data };
  if (resume !== undefined && data === undefined) return { resume };
  throw new CommandError('option_invalid', 'train needs --data with a data set, or --resume with the folder of a run');
}
