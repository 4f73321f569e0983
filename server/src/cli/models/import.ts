import { basename, join, resolve } from 'node:path';
import { RESIZE_MODES } from '@swipenet/shared/photo.ts';
import * as z from 'zod';
import { FETCHED_MODELS, fetchModel } from '../../interchange/fetch-model.ts';
import { describeImport, type ImportChoices, publishImport } from '../../interchange/import-model.ts';
import { readImportSource } from '../../interchange/import-source.ts';
import { type Manifest, modelIdSchema } from '../../registry/manifest.ts';
import { takenFolders } from '../../registry/model-folders.ts';
import { isServed, refuseTakenId } from '../../registry/model-registry.ts';
import { defineCommand } from '../command.ts';
import { classesOf, megabytes } from '../format.ts';
import { numberFlag, textFlag } from '../option-schemas.ts';

const LEVELS = 'must be one level from 0 to 255, or three with commas between';

const levelsSchema = z
  .string()
  .transform((text) => text.split(','))
  .pipe(z.array(numberFlag(LEVELS, (level) => level <= 255)))
  .refine((levels) => levels.length === 1 || levels.length === 3, LEVELS);

const metricsSchema = z
  .array(z.string().regex(/^[\w.-]+=\d+(\.\d+)?$/, 'must be name=number'))
  .transform((texts) =>
    Object.fromEntries(texts.map((text) => text.split('=')).map(([name, value]) => [name, Number(value)])),
  );

const CHANNELS = ['bgr', 'rgb'] as const;
const CLASSES = ['NOPE,LIKE', 'LIKE,NOPE'] as const;
const STORAGES = ['float32', 'float16'] as const;

/** `swipenet models import PATH`: a GoogLeNet from elsewhere becomes a model here. */
export const importCommand = defineCommand({
  name: 'import',
  summary: 'make a model of a GoogLeNet from elsewhere',
  operand: {
    syntax: '<path>',
    help: 'a model’s folder, safetensors (float32, Caffe’s names), or ONNX; what Swipenet exported needs no flags',
  },
  settings: ['home'],
  options: {
    id: { flag: '--id <id>', help: 'the new model’s id', schema: modelIdSchema.optional() },
    resize: {
      flag: '--resize <mode>',
      help: 'how its photos became squares',
      choices: RESIZE_MODES,
      schema: z.enum(RESIZE_MODES).optional(),
    },
    mean: {
      flag: '--mean <levels>',
      help: 'what was subtracted from its photos, 0 to 255: one level, or one per channel: 104,117,123',
      schema: levelsSchema.optional(),
    },
    channels: {
      flag: '--channels <order>',
      help: 'order of a color network’s channels, for Caffe’s means (default: bgr)',
      choices: CHANNELS,
      schema: z.enum(CHANNELS).optional(),
    },
    classes: {
      flag: '--classes <order>',
      help: 'order of its two classes (default: NOPE,LIKE; DIGITS: LIKE,NOPE)',
      choices: CLASSES,
      schema: z.enum(CLASSES).optional(),
    },
    temperature: {
      flag: '--temperature <number>',
      help: 'what the logits are divided by (default: what the file says, else 1)',
      schema: numberFlag('must be a number above 0', (value) => value > 0).optional(),
    },
    storage: {
      flag: '--storage <type>',
      help: 'how weights are kept',
      choices: STORAGES,
      schema: z.enum(STORAGES).optional(),
    },
    description: {
      flag: '--description <text>',
      help: 'what it learned from and how',
      schema: textFlag.optional(),
    },
    metric: {
      flag: '--metric <name=number...>',
      help: 'a figure of its evaluation',
      schema: metricsSchema.optional(),
    },
    folder: {
      flag: '--folder <folder>',
      help: 'where to put it (default: models in the home folder)',
      schema: z.string().optional(),
    },
  },
  run: async ({ settings: { home }, options: { metric, folder: given, ...rest }, operands: [path] }) => {
    const choices = { ...rest, metrics: metric };
    const imported = describeImport(await readImportSource(path), choices, commandLine(path, choices));
    const folder = resolve(given ?? home.models);
    await refuseTakenId(takenFolders(home, folder), imported.about.id, '--id');
    return { manifest: await publishImport(folder, imported), folder };
  },
  print: importedLines,
  toJson: ({ manifest }) => manifest,
});

/** Longer than a slow line needs. */
const DEADLINE_MS = 30 * 60_000;

/** `swipenet models fetch NAME`: a public GoogLeNet to begin training from. */
export const fetchCommand = defineCommand({
  name: 'fetch',
  summary: 'fetch a public GoogLeNet to begin training from',
  operand: { syntax: '<name>', help: 'which', choices: Object.keys(FETCHED_MODELS) },
  settings: ['home'],
  options: {
    url: {
      flag: '--url <url>',
      help: 'fetch the same file from here (its hash must be the same)',
      schema: z.string().optional(),
    },
  },
  run: async ({ settings: { home }, options: { url }, operands: [name], progress }) => {
    const known = FETCHED_MODELS[name]!; // one of the choices
    const file = { ...known.file, ...(url !== undefined && { url }) };
    const kilobytes = (bytes: number) => Math.floor(bytes / 1000);
    const manifest = await fetchModel({ ...known, file }, home.models, {
      fetch,
      signal: AbortSignal.timeout(DEADLINE_MS),
      onProgress: (bytes) => progress.update(`${name} (kB)`, kilobytes(bytes), kilobytes(file.bytes)),
    });
    return { manifest, folder: home.models };
  },
  print: importedLines,
  toJson: ({ manifest }) => manifest,
});

/** The command as somebody else would write it: without this machine's folders. */
function commandLine(path: string, choices: ImportChoices): string {
  const names = ['id', 'resize', 'mean', 'channels', 'classes', 'temperature', 'storage'] as const;
  const kept = names.filter((name) => choices[name] !== undefined).map((name) => ` --${name} ${choices[name]}`);
  return `swipenet models import ${basename(path)}${kept.join('')}${choices.description ? ' --description "…"' : ''}`;
}

/** What an import says: what it became, where it is, and what can be done with it. */
function importedLines({ manifest, folder }: { readonly manifest: Manifest; readonly folder: string }): string {
  const path = join(folder, manifest.id);
  const what = `${manifest.id}: ${megabytes(manifest.model.bytes)} in ${path}`;
  if (isServed(manifest)) return what;
  return `${what}\n${classesOf(manifest.classes)}: train --init ${path} begins from it, nothing is scored with it`;
}
