import { join } from 'node:path';
import type { TrainingRequest } from '@swipenet/shared/contract/studio/training.ts';
import type * as z from 'zod';
import { CommandError } from '../../command-error.ts';
import type { Home } from '../../home/home.ts';
import { EMBEDDED_IDS, modelFolders } from '../../registry/model-folders.ts';
import { listModels } from '../../registry/model-registry.ts';
import { targetSchema } from '../../training/profiles/target.ts';
import {
  flagOf,
  HYPERPARAMETER_NAMES,
  HYPERPARAMETERS,
  type Hyperparameter,
  type HyperparameterName,
} from '../../training/run/start/hyperparameters.ts';

/** What all commands of jobs have in common. */
export interface CommandSurroundings {
  readonly home: Home;
  /** What to train on, as `--device` takes it. */
  readonly device: string;
}

/**
 * Returns the parameters of `swipenet` that train what was asked for. Every value is checked by the schema of its flag.
 *
 * @param data the dataset's folder.
 * @throws CommandError `option_invalid`, naming the flag.
 */
export async function trainingCommand(
  { name, mode, target, values }: TrainingRequest,
  data: string,
  { home, device }: CommandSurroundings,
): Promise<string[]> {
  const unknown = Object.keys(values).find((key) => !(key in HYPERPARAMETERS));
  if (unknown !== undefined) throw new CommandError('option_invalid', `${unknown} is not a hyperparameter`);
  const given = HYPERPARAMETER_NAMES.filter((key) => values[key] !== undefined && fits(key, mode));
  const flags: string[] = [];
  for (const key of given) flags.push(...(await flagsOf(key, values[key]!, home)));
  const aim = target === null ? [] : ['--target', target];
  if (target !== null) checked('--target', targetSchema, target);
  return ['train', '--data', data, '--name', name, '--mode', mode, ...flags, ...aim, ...commonFlags(home, device)];
}

/** Returns the parameters of `swipenet` that resume a run. It trains on its own device. */
export const resumeCommand = (folder: string, { home, device }: CommandSurroundings): string[] => [
  ...['train', '--resume', folder],
  ...commonFlags(home, device),
];

const commonFlags = (home: Home, device: string) => ['--device', device, '--home', home.folder, '--json'];

/** A head has few hyperparameters, and the command line refuses the others. */
const fits = (name: HyperparameterName, mode: TrainingRequest['mode']) =>
  mode !== 'head' || HYPERPARAMETERS[name].mode === 'any';

async function flagsOf(name: HyperparameterName, given: string | boolean, home: Home): Promise<string[]> {
  const { schema }: Hyperparameter = HYPERPARAMETERS[name];
  const flag = flagOf(name);
  const value = checked(flag, schema, given);
  if (typeof value === 'boolean') return value ? [] : [flag];
  return [flag, name === 'init' ? await startOf(String(value), home) : String(value)];
}

function checked(flag: string, schema: z.ZodType, given: unknown): unknown {
  const { data, error } = schema.safeParse(given);
  if (error) throw new CommandError('option_invalid', `${flag} ${error.issues[0]?.message}`);
  return data;
}

/** Returns what `--init` takes for a model's ID. A page can't name any other file. */
async function startOf(id: string, home: Home): Promise<string> {
  if (id === 'none' || (EMBEDDED_IDS as readonly string[]).includes(id)) return id;
  const folders = modelFolders(home);
  const model = (await listModels(folders)).find((listed) => listed.id === id);
  if (model) return join(folders[model.place]!, id);
  throw new CommandError('option_invalid', `--init: no model has the ID ${id}`);
}
