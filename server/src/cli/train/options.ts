import * as z from 'zod';
import { CommandError } from '../../command-error.ts';
import { modelIdSchema } from '../../registry/manifest.ts';
import { targetSchema } from '../../training/profiles/target.ts';
import {
  type GivenHyperparameters,
  HYPERPARAMETER_NAMES,
  HYPERPARAMETERS,
  type Hyperparameter,
  type HyperparameterName,
  type Hyperparameters,
} from '../../training/run/start/hyperparameters.ts';
import type { OptionDefinition, OptionValues } from '../command.ts';

type HyperparameterOptions<Name extends HyperparameterName> = {
  readonly [One in Name]: OptionDefinition & { readonly schema: z.ZodType<GivenHyperparameters[One]> };
};

/**
 * Creates options for hyperparameters. Those whose default depends on how training starts are optional.
 *
 * @param defaults override those of the table.
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
    // `--no-mirror` has no value. Commander sets it to true if the flag is absent.
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
    help: 'dataset to train on (made by dataset build)',
    schema: z.string().optional(),
  },
  mode: {
    flag: '--mode <mode>',
    help: 'full trains the whole network, head a classifier on its features, auto chooses by the number of labels',
    schema: z.enum(['auto', 'full', 'head'], 'must be auto, full or head'),
    defaultValue: 'auto',
  },
  target: {
    flag: '--target <what>',
    help: 'what the threshold is chosen for if profiles have several photos: balanced-accuracy, precision=SHARE, recall=SHARE or like-rate=SHARE',
    schema: targetSchema,
    defaultValue: 'balanced-accuracy',
  },
  resume: {
    flag: '--resume <folder>',
    help: 'resume the run in this folder; all other flags are taken from the run',
    schema: z.string().optional(),
  },
  run: {
    flag: '--run <folder>',
    help: 'where to keep the run (default: runs/NAME in the home folder)',
    schema: z.string().optional(),
  },
  name: {
    flag: '--name <id>',
    help: 'ID of the new model (default: the dataset’s name without .set)',
    schema: modelIdSchema.optional(),
  },
  ...hyperparameterOptions(HYPERPARAMETER_NAMES),
} satisfies Record<string, OptionDefinition>;

export type TrainOptions = OptionValues<typeof TRAIN_OPTIONS>;

/** Returns what to train on: a dataset, or a run to resume. Throws CommandError `option_invalid`. */
export function sourceOf({
  data,
  resume,
}: Pick<TrainOptions, 'data' | 'resume'>): { data: string } | { resume: string } {
  if (data !== undefined && resume === undefined) return { data };
  if (resume !== undefined && data === undefined) return { resume };
  throw new CommandError('option_invalid', 'pass either --data with a dataset, or --resume with a run’s folder');
}
