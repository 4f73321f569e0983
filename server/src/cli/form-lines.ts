import type { ModelAnswer } from '@swipenet/shared/contract/model.ts';
import type { ModelForm } from '../registry/choose-precision.ts';

/** A model's precision for people: `fp32`, or `int8 of mine`. */
export const precisionWords = ({ precision = 'fp32', parent }: Pick<ModelAnswer, 'precision' | 'parent'>) =>
  parent === undefined ? precision : `${precision} of ${parent}`;

/** A form for people: `mine-int8 (int8 of mine; auto: …)`. */
export function formWords(form: ModelForm): string {
  const { model, ...fields } = formFields(form);
  return `${model} (${precisionWords(fields)}; ${form.reason})`;
}

/** A form for a program: the model's id, its precision, of an int8 one its parent. */
export function formFields({ model: { manifest }, precision }: ModelForm) {
  const { id, quantization } = manifest;
  return { model: id, precision, ...(quantization && { parent: quantization.parent }) };
}
