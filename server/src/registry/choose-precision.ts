import type { Precision } from '@swipenet/shared/contract/model.ts';
import { CommandError } from '../command-error.ts';
import { type Manifest, type ServedManifest, thresholdOf } from './manifest.ts';
import { isServed, listModels, loadServedModel, type ServedModel } from './model-registry.ts';
import { faithfulnessWords, gateFailures } from './quantization.ts';

/** What the user asked for: a precision, or int8 where it stands for its parent unasked. */
export type PrecisionChoice = Precision | 'auto';

/** Where a model computes, as far as its precision goes. */
export type DeviceKind = 'cpu' | 'cuda';

/** The form of a model that computes: the model itself, its int8 form, or what it is the int8 form of. */
export interface ModelForm {
  readonly model: ServedModel;
  readonly precision: Precision;
  /** Why this form, in words. */
  readonly reason: string;
}

/**
 * The form of the chosen model for a device; which device it becomes may only be known when one was tried. Throws what
 * {@link choosePrecision} and loading a model throw.
 */
export type ModelOn = (device: DeviceKind) => Promise<ModelForm>;

/** How a model computes; weights kept as float16 are computed with as float32. */
export const precisionOf = ({ model }: Pick<Manifest, 'model'>): Precision =>
  model.storage === 'int8' ? 'int8' : 'fp32';

/**
 * {@link choosePrecision} over the models in these folders, which are looked at each time; the form is checked as any
 * model is.
 */
export function formsOf(chosen: ServedModel, folders: readonly string[], asked: PrecisionChoice): ModelOn {
  return async (device) => {
    const others = (await listModels(folders)).flatMap(({ manifest }) =>
      manifest instanceof CommandError || !isServed(manifest) ? [] : [manifest],
    );
    const { manifest, reason } = choosePrecision(chosen.manifest, others, asked, device);
    const model = manifest === chosen.manifest ? chosen : await loadServedModel(folders, manifest.id);
    return { model, precision: precisionOf(model.manifest), reason };
  };
}

/**
 * The form of a model that was asked for, or for `auto` int8 on the CPU where it passes the gate and else the chosen
 * model. CUDA computes no int8: there `auto` is the chosen model or its parent.
 *
 * @param others the models there are, by id; the chosen one may be among them.
 * @throws CommandError `precision_missing` where there is no such form; `option_invalid` for int8 on CUDA.
 */
export function choosePrecision(
  chosen: ServedManifest,
  others: readonly ServedManifest[],
  asked: PrecisionChoice,
  device: DeviceKind,
): { readonly manifest: ServedManifest; readonly reason: string } {
  if (asked === 'int8' && device === 'cuda') {
    const why = 'ONNX Runtime’s CUDA provider has no int8 convolution';
    throw new CommandError('option_invalid', `--precision int8 is for the CPU: ${why}; auto and fp32 work on both`);
  }
  const isInt8 = precisionOf(chosen) === 'int8';
  if (asked === 'fp32' || device === 'cuda') {
    const reason = asked === 'fp32' ? 'asked for' : 'auto: int8 is for the CPU';
    return { manifest: isInt8 ? parentOf(chosen, others) : chosen, reason };
  }
  const int8 = isInt8 ? chosen : bestInt8Of(chosen, others);
  if (asked === 'int8') {
    if (int8) return { manifest: int8, reason: ['asked for', ...failuresOf(int8)].join('; ') };
    const message = `there is no int8 form of ${chosen.id}: swipenet models quantize ${chosen.id} --calibrate DIR makes one`;
    throw new CommandError('precision_missing', message);
  }
  if (isInt8) return { manifest: chosen, reason: 'auto: the model itself is an int8 one' };
  if (!int8) return { manifest: chosen, reason: 'auto: it has no int8 form' };
  const failures = failuresOf(int8);
  if (failures.length > 0) return { manifest: chosen, reason: `auto: not ${int8.id}, ${failures.join('; ')}` };
  return { manifest: int8, reason: `auto: ${faithfulnessWords(int8.quantization!.faithfulness)}` };
}

/** An int8 model that says nothing of its faithfulness passes no gate. */
function failuresOf({ quantization }: ServedManifest): string[] {
  return quantization ? gateFailures(quantization.faithfulness) : ['it does not say how faithful it is'];
}

/** Of several the one that passes the gate, then the one whose verdicts change least; by id where that is the same. */
function bestInt8Of(chosen: ServedManifest, others: readonly ServedManifest[]): ServedManifest | undefined {
  const forms = others.flatMap((manifest) => {
    const { quantization } = manifest;
    if (precisionOf(manifest) !== 'int8' || quantization?.parentSha256 !== chosen.model.sha256) return [];
    if (!servedAlike(manifest, chosen)) return [];
    const { changedVerdicts } = quantization.faithfulness;
    return [{ manifest, failures: failuresOf(manifest).length, changedVerdicts }];
  });
  const [best] = forms.toSorted(
    (one, other) =>
      Number(one.failures > 0) - Number(other.failures > 0) ||
      one.changedVerdicts - other.changedVerdicts ||
      (one.manifest.id < other.manifest.id ? -1 : 1),
  );
  return best?.manifest;
}

/** Of several copies of the parent the one that still has its name. */
function parentOf(int8: ServedManifest, others: readonly ServedManifest[]): ServedManifest {
  const { id, quantization } = int8;
  const parents = others.filter(
    (other) => other.model.sha256 === quantization?.parentSha256 && servedAlike(other, int8),
  );
  const parent = parents.find((one) => one.id === quantization?.parent) ?? parents[0];
  if (parent) return parent;
  const why = quantization ? `${quantization.parent}, which it was made of, is not here` : 'says nothing of its parent';
  throw new CommandError('precision_missing', `there is no fp32 form of ${id}: it is an int8 model, and ${why}`);
}

/**
 * One file may be there as several models, whose photos become squares in other ways or whose thresholds are others: what
 * was found of an int8 form holds for one that is served alike.
 */
function servedAlike(one: ServedManifest, other: ServedManifest): boolean {
  return one.preprocessing.resize === other.preprocessing.resize && thresholdOf(one) === thresholdOf(other);
}
