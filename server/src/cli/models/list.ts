import type { Precision } from '@swipenet/shared/contract/model.ts';
import { CommandError } from '../../command-error.ts';
import { activeModelId } from '../../registry/active-model.ts';
import { precisionOf } from '../../registry/choose-precision.ts';
import type { Manifest } from '../../registry/manifest.ts';
import { modelFolders } from '../../registry/model-folders.ts';
import { checkModels, isServed, type ListedModel, loadModel } from '../../registry/model-registry.ts';
import { faithfulnessWords, gateFailures, type Quantization } from '../../registry/quantization.ts';
import { defineCommand } from '../command.ts';
import { classesOf, megabytes } from '../format.ts';

/** `swipenet models list`: what there is, and which of it is damaged. */
export const listCommand = defineCommand({
  name: 'list',
  summary: 'the models there are: the embedded one and your own',
  settings: ['home'],
  run: async ({ settings: { home } }) => {
    const active = await activeModelId(home);
    const models = (await checkModels(modelFolders(home))).map((model) => listEntry(model, active));
    if (!models.some(({ id }) => id === active)) console.error(`the active model ${active} is not there any more`);
    return { active, models };
  },
  print: ({ models }) => listLines(models),
});

/** `swipenet models show ID`: what a model says of itself, and whether its file is what it says. */
export const showCommand = defineCommand({
  name: 'show',
  summary: 'what a model says of itself; its file is checked',
  operand: { syntax: '<id>', help: 'a model' },
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
  /** Of an int8 model: what it is the int8 form of, how faithful it is, and what of that is beyond the gate. */
  readonly quantization?: Quantization;
  readonly gateFailures?: readonly string[];
  /** What is wrong with it. */
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

/** The list for people: a line a model, the active one with an asterisk. */
function listLines(models: readonly ListEntry[]): string {
  const width = Math.max(...models.map(({ id }) => id.length));
  return models
    .map(({ id, active, embedded, bytes, classes, metrics, quantization, error }) => {
      const begin = `${active ? '*' : ' '} ${id.padEnd(width)}`;
      if (error || bytes === undefined || classes === undefined) return `${begin}  ${error?.message}`;
      const notes = [megabytes(bytes).padStart(8), classesOf(classes), ...(embedded ? ['embedded'] : [])];
      const int8 = quantization ? [int8Note(quantization)] : [];
      return [begin, ...notes, ...int8, headline(metrics ?? {})].join('  ').trimEnd();
    })
    .join('\n');
}

/** Figures that say how good it is at a glance. */
const headline = (metrics: Manifest['metrics']) =>
  Object.entries(metrics)
    .filter(([name]) => /auc|accuracy/i.test(name))
    .slice(0, 3)
    .map(([name, value]) => `${name} ${value.toFixed(3)}`)
    .join('  ');

/** What is beyond the gate has its figures in it already. */
function int8Note(quantization: Quantization): string {
  const { parent, faithfulness } = quantization;
  const figures = gateFailures(faithfulness).length === 0 ? `${faithfulnessWords(faithfulness)}; ` : '';
  return `int8 of ${parent} (${figures}${gateWords(quantization)})`;
}

/** Whether an int8 model stands for its parent where it is not asked for, and why not. */
function gateWords({ faithfulness }: Quantization): string {
  const failures = gateFailures(faithfulness);
  return failures.length === 0 ? 'passes the gate' : `does not pass the gate: ${failures.join('; ')}`;
}

/** A manifest for people. */
function showLines({
  manifest,
  modelPath,
  active,
}: {
  readonly manifest: Manifest;
  readonly modelPath: string;
  readonly active: boolean;
}): string {
  const { id, classes, preprocessing, threshold, temperature, metrics, provenance, model, quantization } = manifest;
  const { resize, mean } = preprocessing;
  const rows: [string, string][] = [
    ['classes', classesOf(classes)],
    ['photos', `${resize} to 256 × 256, gray, center 224 × 224, minus ${mean === 'image' ? 'a mean image' : mean}`],
    ...(isServed(manifest)
      ? [['LIKE', `from ${threshold ?? 'the default'}, temperature ${temperature}`] as [string, string]]
      : []),
    ...(quantization ? quantizationRows(quantization) : []),
    ...Object.entries(metrics).map(([name, value]): [string, string] => [name, String(value)]),
    ['learned', provenance.description],
    ['made by', provenance.command],
    ...(provenance.sourceSha256 ? [['made of', `SHA-256 ${provenance.sourceSha256}`] as [string, string]] : []),
    ['file', `${modelPath}, ${megabytes(model.bytes)}, ${model.storage}, SHA-256 ${model.sha256}`],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`);
  return [`${id}${active ? ' (active)' : ''}`, ...lines].join('\n');
}

function quantizationRows(quantization: Quantization): [string, string][] {
  const { parent, parentSha256, calibration, faithfulness } = quantization;
  const { largestDifference, meanDifference, accuracy, ece } = faithfulness;
  const compared = (name: string, figures: typeof ece) =>
    figures ? [`${name} ${figures.model.toFixed(4)} (parent ${figures.parent.toFixed(4)})`] : [];
  return [
    ['int8 of', `${parent}, SHA-256 ${parentSha256}; ranges by ${calibration.method} of ${calibration.photos} photos`],
    [
      'faithful',
      [faithfulnessWords(faithfulness), ...compared('accuracy', accuracy), ...compared('ECE', ece)].join(', '),
    ],
    [
      'differs',
      `by ${meanDifference.toFixed(4)} on average, ${largestDifference.toFixed(4)} at most; ${gateWords(quantization)}`,
    ],
  ];
}
