import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import type { Manifest } from '../registry/manifest.ts';
import type { ListedModel } from '../registry/model-registry.ts';
import { classesOf, megabytes } from './model-lines.ts';

/** A model in `models list --json`. */
export interface ListEntry {
  readonly id: string;
  readonly active: boolean;
  readonly embedded: boolean;
  readonly bytes?: number;
  readonly classes?: Manifest['classes'];
  readonly metrics?: Manifest['metrics'];
  /** What is wrong with it. */
  readonly error?: { readonly code: string; readonly message: string };
}

/** What a list says of a model. */
export function listEntry({ id, place, manifest }: ListedModel, activeId: string): ListEntry {
  const common = { id, active: id === activeId, embedded: place > 0 };
  if (manifest instanceof SwipenetError)
    return { ...common, error: { code: manifest.code, message: manifest.message } };
  return { ...common, bytes: manifest.model.bytes, classes: manifest.classes, metrics: manifest.metrics };
}

/** Figures that say how good it is at a glance. */
const headline = (metrics: Manifest['metrics']) =>
  Object.entries(metrics)
    .filter(([name]) => /auc|accuracy/i.test(name))
    .slice(0, 3)
    .map(([name, value]) => `${name} ${value.toFixed(3)}`)
    .join('  ');

/** The list for people: a line a model, the active one with an asterisk. */
export function listLines(models: readonly ListEntry[]): string {
  const width = Math.max(...models.map(({ id }) => id.length));
  return models
    .map(({ id, active, embedded, bytes, classes, metrics, error }) => {
      const begin = `${active ? '*' : ' '} ${id.padEnd(width)}`;
      if (error || bytes === undefined || classes === undefined) return `${begin}  ${error?.message}`;
      const notes = [megabytes(bytes).padStart(8), classesOf(classes), ...(embedded ? ['embedded'] : [])];
      return [begin, ...notes, headline(metrics ?? {})].join('  ').trimEnd();
    })
    .join('\n');
}
