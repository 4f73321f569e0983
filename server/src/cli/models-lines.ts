import type { Precision } from '@swipenet/shared/contract/model.ts';
import { CommandError } from '../command-error.ts';
import { precisionOf } from '../registry/choose-precision.ts';
import type { Manifest } from '../registry/manifest.ts';
import type { ListedModel } from '../registry/model-registry.ts';
import { faithfulnessWords, gateFailures, type Quantization } from '../registry/quantization.ts';
import { classesOf, gateWords, megabytes } from './model-lines.ts';

/** A model in `models list --json`. */
export interface ListEntry {
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

/** What a list says of a model. */
export function listEntry({ id, place, manifest }: ListedModel, activeId: string): ListEntry {
  const common = { id, active: id === activeId, embedded: place > 0 };
  if (manifest instanceof CommandError) return { ...common, error: { code: manifest.code, message: manifest.message } };
  const { model, classes, metrics, quantization } = manifest;
  return {
    ...common,
    ...{ bytes: model.bytes, classes, metrics, precision: precisionOf(manifest) },
    ...(quantization && { quantization, gateFailures: gateFailures(quantization.faithfulness) }),
  };
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

/** The list for people: a line a model, the active one with an asterisk. */
export function listLines(models: readonly ListEntry[]): string {
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
