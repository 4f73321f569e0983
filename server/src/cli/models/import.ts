import { basename, join, resolve } from 'node:path';
import { RESIZE_MODES } from '@swipenet/shared/photo.ts';
import * as z from 'zod';
import { toRun } from '../../command-form.ts';
import { FETCHED_MODELS, fetchModel } from '../../interchange/fetch-model.ts';
import { RANGES } from '../../interchange/import-input.ts';
import { describeImport, type ImportChoices, publishImport } from '../../interchange/import-model.ts';
import { readImportSource } from '../../interchange/import-source.ts';
import { type Manifest, modelIdSchema } from '../../registry/manifest.ts';
import { classesOf } from '../../registry/model-facts.ts';
import { takenFolders } from '../../registry/model-folders.ts';
import { isServed, refuseTakenId } from '../../registry/model-registry.ts';
import { defineCommand } from '../command.ts';
import { megabytes } from '../format.ts';
import { numberFlag, textFlag } from '../option-schemas.ts';

const LEVELS = 'must be one level from 0 to 255, or three separated by commas';

const levelsSchema = z
  .string()
  .transform((text) => text.split(','))
  .pipe(z.array(numberFlag(LEVELS, (level) => level <= 255)))
  .refine((levels) => levels.length === 1 || levels.length === 3, LEVELS);

const DIVISORS = 'must be one number from 0.001 to 1000, or three separated by commas';

const divisorsSchema = z
  .string()
  .transform((text) => text.split(','))
  .pipe(z.array(numberFlag(DIVISORS, (divisor) => divisor >= 1e-3 && divisor <= 1e3)))
  .refine((divisors) => divisors.length === 1 || divisors.length === 3, DIVISORS);

const metricsSchema = z
  .array(z.string().regex(/^[\w.-]+=\d+(\.\d+)?$/, 'must be name=number'))
  .transform((texts) =>
    Object.fromEntries(texts.map((text) => text.split('=')).map(([name, value]) => [name, Number(value)])),
  );

const CHANNELS = ['bgr', 'rgb'] as const;
const CLASSES = ['NOPE,LIKE', 'LIKE,NOPE'] as const;
const STORAGES = ['float32', 'float16'] as const;

/** `swipenet models import PATH`: turns a GoogLeNet from another program into a Swipenet model. */
export const importCommand = defineCommand({
  name: 'import',
  summary: 'import a GoogLeNet from a file or folder',
  operand: {
    syntax: '<path>',
    help: 'model folder, DIGITS snapshot, safetensors (float32, Caffe’s names) or ONNX; what Swipenet exported needs no flags',
  },
  settings: ['home'],
  options: {
    id: { flag: '--id <id>', help: 'ID of the new model', schema: modelIdSchema.optional() },
    resize: {
      flag: '--resize <mode>',
      help: 'how its training photos were made square',
      choices: RESIZE_MODES,
      schema: z.enum(RESIZE_MODES).optional(),
    },
    mean: {
      flag: '--mean <levels>',
      help: 'what is subtracted from its photos: one level, or one per channel in its order (104,117,123)',
      schema: levelsSchema.optional(),
    },
    range: {
      flag: '--range <range>',
      help: 'levels it takes: those of a file, or the same divided by 255 (needed if the mean is below 1)',
      choices: RANGES,
      schema: z.enum(RANGES).optional(),
    },
    std: {
      flag: '--std <numbers>',
      help: 'what photos are divided by after that: one number, or one per channel (default for 0-255: 1)',
      schema: divisorsSchema.optional(),
    },
    channels: {
      flag: '--channels <order>',
      help: 'order of the channels of a color network, and of --mean and --std; for the record',
      choices: CHANNELS,
      schema: z.enum(CHANNELS).optional(),
    },
    classes: {
      flag: '--classes <order>',
      help: 'order of its two classes (needed unless the file says it; DIGITS sorts by name: LIKE,NOPE)',
      choices: CLASSES,
      schema: z.enum(CLASSES).optional(),
    },
    like: {
      flag: '--like <label>',
      help: 'for a DIGITS snapshot: the label of labels.txt that means LIKE, unless one is called like or nope',
      schema: textFlag.optional(),
    },
    temperature: {
      flag: '--temperature <number>',
      help: 'divisor for the logits (default: the file’s own, or 1)',
      schema: numberFlag('must be a number from 0.01 to 100', (value) => value >= 0.01 && value <= 100).optional(),
    },
    storage: {
      flag: '--storage <type>',
      help: 'number format of the stored weights',
      choices: STORAGES,
      schema: z.enum(STORAGES).optional(),
    },
    description: {
      flag: '--description <text>',
      help: 'what it was trained on, and how',
      schema: textFlag.optional(),
    },
    metric: {
      flag: '--metric <name=number...>',
      help: 'evaluation result to record',
      schema: metricsSchema.optional(),
    },
    folder: {
      flag: '--folder <folder>',
      help: 'where to put the model (default: models in the home folder)',
      schema: z.string().optional(),
    },
  },
  run: async ({ settings: { home }, options: { metric, folder: target, ...rest }, operands: [path] }) => {
    const choices = { ...rest, metrics: metric };
    const imported = describeImport(await readImportSource(path), choices, commandLine(path, choices));
    const folder = resolve(target ?? home.models);
    await refuseTakenId(takenFolders(home, folder), imported.about.id, '--id');
    return { manifest: await publishImport(folder, imported), folder, sentences: imported.sentences };
  },
  print: importedLines,
  toJson: ({ manifest }) => manifest,
});

/** The time limit for a download, generous enough for a slow connection. */
const DEADLINE_MS = 30 * 60_000;

/** `swipenet models fetch NAME`: downloads a public GoogLeNet as a starting point for training. */
export const fetchCommand = defineCommand({
  name: 'fetch',
  summary: 'download a public GoogLeNet as a starting point for training',
  operand: { syntax: '<name>', help: 'which one', choices: Object.keys(FETCHED_MODELS) },
  settings: ['home'],
  options: {
    url: {
      flag: '--url <url>',
      help: 'download the same file from another address (the hash must match)',
      schema: z.string().optional(),
    },
  },
  run: async ({ settings: { home }, options: { url }, operands: [name], progress }) => {
    const known = FETCHED_MODELS[name]!; // commander has checked it
    const file = { ...known.file, ...(url !== undefined && { url }) };
    const kilobytes = (bytes: number) => Math.floor(bytes / 1000);
    const manifest = await fetchModel({ ...known, file }, home.models, {
      signal: AbortSignal.timeout(DEADLINE_MS),
      onProgress: (bytes) => progress.update(`${name} (kB)`, kilobytes(bytes), kilobytes(file.bytes)),
    });
    return { manifest, folder: home.models, sentences: [] };
  },
  print: importedLines,
  toJson: ({ manifest }) => manifest,
});

/** Returns the command as it goes into the manifest, without this machine's folders. */
function commandLine(path: string, choices: ImportChoices): string {
  const names = [
    'id',
    'resize',
    'mean',
    'range',
    'std',
    'channels',
    'classes',
    'like',
    'temperature',
    'storage',
  ] as const;
  const kept = names.filter((name) => choices[name] !== undefined).map((name) => ` --${name} ${choices[name]}`);
  return `swipenet models import ${basename(path)}${kept.join('')}${choices.description ? ' --description "…"' : ''}`;
}

/** Formats the result of an import: the model, where it is, what its files said, and what it can be used for. */
function importedLines({ manifest, folder, sentences }: ImportResult): string {
  const path = join(folder, manifest.id);
  const lines = [`${manifest.id}: ${megabytes(manifest.model.bytes)} in ${path}`, ...sentences];
  if (isServed(manifest)) return lines.join('\n');
  const use = `It can’t score photos. To train from it, run ${toRun(`train --init ${path}`)}.`;
  return [...lines, `${classesOf(manifest.classes)}. ${use}`].join('\n');
}

interface ImportResult {
  readonly manifest: Manifest;
  readonly folder: string;
  readonly sentences: readonly string[];
}
