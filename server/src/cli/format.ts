import type { ModelAnswer } from '@swipenet/shared/contract/model.ts';
import { SESSION_LIMITS } from '@swipenet/shared/contract/session.ts';
import type { ModelForm } from '../registry/choose-precision.ts';

// How the commands format numbers and models for people.

const whole = new Intl.NumberFormat('en');

/** Formats a whole number: `31,360`. */
export const wholeNumber = (count: number) => whole.format(count);

/** Formats a count with its noun: `1 photo`, `5,230 photos`. */
export const counted = (count: number, noun: string) => `${wholeNumber(count)} ${noun}${count === 1 ? '' : 's'}`;

/** Formats a fraction from 0 to 1: `87.5%`. */
export const percent = (share: number, digits = 1) => `${(100 * share).toFixed(digits)}%`;

/** Formats the size of a file or a process: `24.3 MB`. */
export const megabytes = (bytes: number, digits = 1) => `${(bytes / 1e6).toFixed(digits)} MB`;

/** Formats a duration: `8 s`, `3 min`, `2 h 10 min`. */
export function spanOf(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Formats a model's precision: `fp32`, or `int8 of mine`. */
export const precisionWords = ({ precision = 'fp32', parent }: Pick<ModelAnswer, 'precision' | 'parent'>) =>
  parent === undefined ? precision : `${precision} of ${parent}`;

/** Formats a form of a model: `mine-int8 (int8 of mine; auto: …)`. */
export function formWords(form: ModelForm): string {
  const { model, ...fields } = formFields(form);
  return `${model} (${precisionWords(fields)}; ${form.reason})`;
}

/** Returns the JSON fields of a form: the model's ID, its precision, and the parent of an int8 model. */
export function formFields({ model: { manifest }, precision }: ModelForm) {
  const { id, quantization } = manifest;
  return { model: id, precision, ...(quantization && { parent: quantization.parent }) };
}

/** Says what to do with a link to the start page. */
export const linkLine = (link: string): string =>
  `Open ${link} in your browser. The link works once, within ${SESSION_LIMITS.linkLifeS / 60} minutes.`;
