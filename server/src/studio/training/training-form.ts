import type { StudioTraining, TrainingField } from '@swipenet/shared/contract/studio/training.ts';
import * as z from 'zod';
import type { Home } from '../../home/home.ts';
import { modelFolders } from '../../registry/model-folders.ts';
import { listModels } from '../../registry/model-registry.ts';
import { HEAD_AT_MOST } from '../../training/head/choose-mode.ts';
import {
  flagOf,
  HYPERPARAMETER_NAMES,
  HYPERPARAMETERS,
  type Hyperparameter,
  type HyperparameterName,
} from '../../training/run/start/hyperparameters.ts';

/** The names of the presets are what people look for: the article's recipe, few photos, and profiles. */
const PRESETS: StudioTraining['presets'] = [
  {
    id: 'article',
    title: 'The article’s recipe',
    help: 'GoogLeNet from scratch, as in DIGITS: 25 epochs, batches of 32, rate 0.01, a tenth of it after each third. For thousands of photos.',
    ...{ mode: 'full', target: null, values: { init: 'none' } },
  },
  {
    id: 'fine-tune',
    title: 'Many photos',
    help: `Trains all layers of a network that already knows pictures. Best with more than ${HEAD_AT_MOST} training photos.`,
    ...{ mode: 'full', target: null, values: {} },
  },
  {
    id: 'few',
    title: 'Few photos',
    help: `Trains only a classifier on a network’s features, which takes a minute. Best up to ${HEAD_AT_MOST} training photos.`,
    ...{ mode: 'head', target: null, values: {} },
  },
  {
    id: 'profiles',
    title: 'Profiles',
    help: 'Learns from labels of whole profiles: which of their photos made you like them, and how to decide by all of them.',
    ...{ mode: 'auto', target: 'balanced-accuracy', values: {} },
  },
];

/** Returns what the form for training consists of. Its fields come from the table of hyperparameters. */
export async function trainingForm(home: Home): Promise<StudioTraining> {
  const starts = await startsOf(home);
  return { presets: PRESETS, fields: HYPERPARAMETER_NAMES.map((name) => fieldOf(name, starts)) };
}

/** Lists what training can start from: `none`, or a model that isn't an int8 form. */
async function startsOf(home: Home): Promise<string[]> {
  const models = await listModels(modelFolders(home));
  const ids = models.flatMap(({ id, manifest }) => (manifest instanceof Error || manifest.quantization ? [] : [id]));
  return [...ids, 'none'];
}

function fieldOf(name: HyperparameterName, starts: readonly string[]): TrainingField {
  const { schema, default: value, help, mode }: Hyperparameter = HYPERPARAMETERS[name];
  const form = z.toJSONSchema(schema, { io: 'output' });
  const isDerived = typeof value === 'object';
  const choices = name === 'init' ? starts : (form.enum as string[] | undefined);
  return {
    ...{
      name,
      flag: flagOf(name),
      help: name === 'init' ? 'the model to start from, or none to start from scratch' : help,
    },
    kind: kindOf(form.type, choices),
    value: isDerived ? null : typeof value === 'boolean' ? value : String(value),
    words: isDerived ? value.words : null,
    fullOnly: mode === 'full',
    choices: choices ? [...choices] : null,
    least: form.minimum ?? null,
    most: form.maximum === undefined || form.maximum === Number.MAX_SAFE_INTEGER ? null : form.maximum,
    isWhole: form.type === 'integer',
  };
}

function kindOf(type: unknown, choices: readonly string[] | undefined): TrainingField['kind'] {
  if (choices) return 'choice';
  return type === 'boolean' ? 'switch' : type === 'string' ? 'text' : 'number';
}
