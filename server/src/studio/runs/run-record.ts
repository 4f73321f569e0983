import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { TrainingRequest } from '@swipenet/shared/contract/studio/training.ts';
import * as z from 'zod';
import { CommandError } from '../../command-error.ts';
import { HEAD_FILE } from '../../training/head/head-run.ts';
import { targetText } from '../../training/profiles/target.ts';
import { type RunConfiguration, readRun } from '../../training/run/folder/run-folder.ts';
import { HYPERPARAMETER_NAMES, hyperparameterSchemas } from '../../training/run/start/hyperparameters.ts';

/** What a run's folder says that it trains. */
export interface RunRecord {
  readonly request: TrainingRequest;
  readonly datasetName: string | null;
  /** The configuration of a run that trains the whole network. A head has no steps. */
  readonly configuration: RunConfiguration | undefined;
}

/** The part of a head's record that a clone needs. */
const headSchema = z.object({
  name: z.string(),
  init: hyperparameterSchemas.init,
  seed: hyperparameterSchemas.seed,
  target: z.string().optional(),
  /** The ID of its dataset. */
  data: z.string(),
});

/**
 * Reads what a run trains, or returns undefined if its folder doesn't say yet. Throws CommandError `run_invalid`.
 */
export async function readRunRecord(folder: string): Promise<RunRecord | undefined> {
  const configuration = await readRun(folder).catch((error: unknown) => {
    if (error instanceof CommandError && error.code === 'run_missing') return undefined;
    throw error;
  });
  if (configuration) return ofNetwork(configuration);
  const text = await readFile(join(folder, HEAD_FILE), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : ofHead(folder, text);
}

function ofNetwork(configuration: RunConfiguration): RunRecord {
  const { data, name, profiles } = configuration;
  const values = HYPERPARAMETER_NAMES.map((key) => {
    const value = configuration[key];
    return [key, typeof value === 'boolean' ? value : String(value)];
  });
  const target = profiles ? targetText(profiles.target) : null;
  const request = { dataset: data.id, name, mode: 'full' as const, target, values: Object.fromEntries(values) };
  return { request, datasetName: basename(data.folder), configuration };
}

function ofHead(folder: string, text: string): RunRecord {
  try {
    const { name, init, seed, target = null, data } = headSchema.parse(JSON.parse(text));
    const values = { init, seed: String(seed) };
    return {
      request: { dataset: data, name, mode: 'head', target, values },
      datasetName: null,
      configuration: undefined,
    };
  } catch (cause) {
    throw new CommandError('run_invalid', `${join(folder, HEAD_FILE)} isn’t as a head’s run writes it`, { cause });
  }
}
