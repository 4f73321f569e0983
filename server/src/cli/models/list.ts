import type { Precision } from '@swipenet/shared/contract/model.ts';
import { printable } from '@swipenet/shared/printable.ts';
import { CommandError } from '../../command-error.ts';
import { activeModelId } from '../../registry/active-model.ts';
import { precisionOf } from '../../registry/choose-precision.ts';
import type { Manifest } from '../../registry/manifest.ts';
import { classesOf, gateWords, modelFacts } from '../../registry/model-facts.ts';
import { modelFolders } from '../../registry/model-folders.ts';
import { checkModels, type ListedModel, loadModel } from '../../registry/model-registry.ts';
import { faithfulnessWords, gateFailures, type Quantization } from '../../registry/quantization.ts';
import { defineCommand } from '../command.ts';
import { megabytes } from '../format.ts';
import { printError } from '../terminal.ts';

/** `swipenet models list`: lists all models and marks damaged ones. */
export const listCommand = defineCommand({
  name: 'list',
  summary: 'list the models: your own and those that come with Swipenet',
  settings: ['home'],
  run: async ({ settings: { home } }) => {
    const active = await activeModelId(home);
    const models = (await checkModels(modelFolders(home))).map((model) => listEntry(model, active));
    if (!models.some(({ id }) => id === active)) printError(`the active model ${active} no longer exists`);
    return { active, models };
  },
  print: ({ models }) => listLines(models),
});

/** `swipenet models show ID`: shows a model's manifest, and checks its file against it. */
export const showCommand = defineCommand({
  name: 'show',
  summary: 'show a model’s manifest, and check its file',
  operand: { syntax: '<id>', help: 'model ID' },
  settings: ['home'],
  run: async ({ settings: { home }, operands: [id] }) => {
    const { manifest, modelPath } = await loadModel(modelFolders(home), id);
    return { manifest, modelPath, active: id === (await activeModelId(home)) };
  },
  print: showLines,
  toJson: ({ manifest }) => manifest,
});

/** A model in `models list --json`. */
interface ListEntry {
  readonly id: string;
  readonly active: boolean;
  readonly embedded: boolean;
  readonly bytes?: number;
  readonly classes?: Manifest['classes'];
  readonly metrics?: Manifest['metrics'];
  readonly precision?: Precision;
  /** For an int8 model: its parent, how faithful it is, and which limits of the gate it exceeds. */
  readonly quantization?: Quantization;
  readonly gateFailures?: readonly string[];
  /** What is wrong with the model. */
  readonly error?: { readonly code: string; readonly message: string };
}

function listEntry({ id, place, manifest }: ListedModel, activeId: string): ListEntry {
  const common = { id, active: id === activeId, embedded: place > 0 };
  if (manifest instanceof CommandError) return { ...common, error: { code: manifest.code, message: manifest.message } };
  const { model, classes, metrics, quantization } = manifest;
  return {
    ...common,
    ...{ bytes: model.bytes, classes, metrics, precision: precisionOf(manifest) },
    ...(quantization && { quantization, gateFailures: gateFailures(quantization.faithfulness) }),
  };
}

/** Formats the list for people: one line per model, with an asterisk for the active one. */
function listLines(models: readonly ListEntry[]): string {
  const width = Math.max(...models.map(({ id }) => printable(id).length));
  return models
    .map(({ id, active, embedded, bytes, classes, metrics, quantization, error }) => {
      const start = `${active ? '*' : ' '} ${printable(id).padEnd(width)}`;
      if (error || bytes === undefined || classes === undefined) return `${start}  ${printable(error?.message ?? '')}`;
      const notes = [megabytes(bytes).padStart(8), classesOf(classes), ...(embedded ? ['embedded'] : [])];
      const int8 = quantization ? [int8Note(quantization)] : [];
      return [start, ...notes, ...int8, headline(metrics ?? {})].join('  ').trimEnd();
    })
    .join('\n');
}

/** Formats the metrics that show at a glance how good a model is. */
const headline = (metrics: Manifest['metrics']) =>
  Object.entries(metrics)
    .filter(([name]) => /auc|accuracy/i.test(name))
    .slice(0, 3)
    .map(([name, value]) => `${printable(name)} ${value.toFixed(3)}`)
    .join('  ');

/** Formats the int8 note of a list entry. The reasons for failing the gate already contain the figures. */
function int8Note(quantization: Quantization): string {
  const { parent, faithfulness } = quantization;
  const figures = gateFailures(faithfulness).length === 0 ? `${faithfulnessWords(faithfulness)}; ` : '';
  return `int8 of ${parent} (${figures}${gateWords(quantization)})`;
}

/** Formats a manifest for people. */
function showLines({
  manifest,
  modelPath,
  active,
}: {
  readonly manifest: Manifest;
  readonly modelPath: string;
  readonly active: boolean;
}): string {
  const { model } = manifest;
  const file = ['file', `${modelPath}, ${megabytes(model.bytes)}, ${model.storage}, SHA-256 ${model.sha256}`] as const;
  const shown = [...modelFacts(manifest), file].map(([name, value]) => [printable(name), printable(value)] as const);
  const width = Math.max(...shown.map(([name]) => name.length));
  const lines = shown.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`);
  return [`${manifest.id}${active ? ' (active)' : ''}`, ...lines].join('\n');
}
