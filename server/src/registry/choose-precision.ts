import { isDeepStrictEqual } from 'node:util';
import type { Precision } from '@swipenet/shared/contract/model.ts';
import { CommandError } from '../command-error.ts';
import { toRun } from '../command-form.ts';
import { type Manifest, ruleOf } from './manifest.ts';
import { type InstalledModel, isServed, listModels, loadModel } from './model-registry.ts';
import { comparesFeatures, faithfulnessWords, gateFailures } from './quantization.ts';

/** What the user requested: a precision, or `auto` for int8 if its form passes the gate. */
export type PrecisionChoice = Precision | 'auto';

/** The kind of device, which is all that the choice of precision depends on. */
export type DeviceKind = 'cpu' | 'cuda';

/** The form of a model that runs: the model itself, its int8 form, or its parent. */
export interface ModelForm {
  readonly model: InstalledModel;
  readonly precision: Precision;
  /** Why this form was chosen. */
  readonly reason: string;
}

/**
 * Returns the form of the chosen model for a device. The device may be known only after one was tried. Throws what
 * {@link choosePrecision} and loading a model throw.
 */
export type ModelOn = (device: DeviceKind) => Promise<ModelForm>;

/** Returns the precision of a model's file. Weights stored as float16 are computed in float32 unless fp16 is requested. */
export const precisionOf = ({ model }: Pick<Manifest, 'model'>): Precision =>
  model.storage === 'int8' ? 'int8' : 'fp32';

/**
 * Applies {@link choosePrecision} to the models in these folders. Reads the folders at each call, and checks the chosen
 * form like any other model.
 */
export function formsOf(chosen: InstalledModel, folders: readonly string[], requested: PrecisionChoice): ModelOn {
  return async (device) => {
    const others = (await listModels(folders)).flatMap(({ manifest }) =>
      manifest instanceof CommandError || isServed(manifest) !== isServed(chosen.manifest) ? [] : [manifest],
    );
    const { manifest, reason } = choosePrecision(chosen.manifest, others, requested, device);
    const model = manifest === chosen.manifest ? chosen : await loadModel(folders, manifest.id);
    return { model, precision: requested === 'fp16' ? requested : precisionOf(model.manifest), reason };
  };
}

/**
 * Chooses the form of a model. With `auto` on the CPU, it is the int8 form if that passes the gate, otherwise the
 * chosen model. CUDA has no int8, so there `auto` is the chosen model or its parent. `fp16` is the same file, computed in
 * float16. It is only for CUDA, and only if requested.
 *
 * @param others the installed models; they may include the chosen one.
 * @throws CommandError `precision_missing` if there is no such form; `option_invalid` for int8 on CUDA and for
 *   float16 on the CPU.
 */
export function choosePrecision(
  chosen: Manifest,
  others: readonly Manifest[],
  requested: PrecisionChoice,
  device: DeviceKind,
): { readonly manifest: Manifest; readonly reason: string } {
  if (requested === 'int8' && device === 'cuda') {
    const why = 'because ONNX Runtime’s CUDA provider has no int8 convolution';
    throw new CommandError('option_invalid', `--precision int8 works only on the CPU, ${why}; use auto or fp32`);
  }
  if (requested === 'fp16' && device === 'cpu') {
    throw new CommandError('option_invalid', '--precision fp16 works only on CUDA; use auto or fp32');
  }
  const isInt8 = precisionOf(chosen) === 'int8';
  if (requested === 'fp32' || device === 'cuda') {
    const reason = requested === 'auto' ? 'auto: int8 runs only on the CPU' : 'requested';
    return { manifest: isInt8 ? parentOf(chosen, others) : chosen, reason };
  }
  const int8 = isInt8 ? chosen : bestInt8Of(chosen, others);
  if (requested === 'int8') {
    if (int8) return { manifest: int8, reason: ['requested', ...failuresOf(int8)].join('; ') };
    const advice = `create one with ${toRun(`models quantize ${chosen.id} --calibrate DIR`)}`;
    const message = `${chosen.id} has no int8 form; ${advice}`;
    throw new CommandError('precision_missing', message);
  }
  if (isInt8) return { manifest: chosen, reason: 'auto: the chosen model is an int8 model' };
  if (!int8) return { manifest: chosen, reason: 'auto: the model has no int8 form' };
  const failures = failuresOf(int8);
  if (failures.length > 0) {
    return { manifest: chosen, reason: `auto: ${int8.id} fails the gate: ${failures.join('; ')}` };
  }
  return { manifest: int8, reason: `auto: ${faithfulnessWords(int8.quantization!.faithfulness)}` };
}

/** An int8 model without faithfulness figures fails the gate. */
function failuresOf({ quantization }: Manifest): string[] {
  return quantization ? gateFailures(quantization.faithfulness) : ['its manifest has no faithfulness figures'];
}

/** Prefers forms that pass the gate, then the one that changes the fewest verdicts, then the first ID. */
function bestInt8Of(chosen: Manifest, others: readonly Manifest[]): Manifest | undefined {
  const forms = others.flatMap((manifest) => {
    const { quantization } = manifest;
    if (precisionOf(manifest) !== 'int8' || quantization?.parentSha256 !== chosen.model.sha256) return [];
    if (!sameSettings(manifest, chosen)) return [];
    const { faithfulness } = quantization;
    // A version of a taste has no verdicts to compare. It shares its layers with a form whose features were compared.
    const changedVerdicts = comparesFeatures(faithfulness) ? 0 : faithfulness.changedVerdicts;
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

/** Finds the parent of an int8 model. If there are several copies, prefers the one that still has the parent's ID. */
function parentOf(int8: Manifest, others: readonly Manifest[]): Manifest {
  const { id, quantization } = int8;
  const parents = others.filter(
    (other) => other.model.sha256 === quantization?.parentSha256 && sameSettings(other, int8),
  );
  const parent = parents.find((one) => one.id === quantization?.parent) ?? parents[0];
  if (parent) return parent;
  const why = quantization
    ? `its parent ${quantization.parent} is not installed`
    : 'its manifest does not name its parent';
  throw new CommandError('precision_missing', `${id} has no fp32 form: it is an int8 model, and ${why}`);
}

/**
 * The same file can be installed as several models with different resizing or rules. The figures of an int8 form
 * only hold for a model with the same settings.
 */
function sameSettings(one: Manifest, other: Manifest): boolean {
  return one.preprocessing.resize === other.preprocessing.resize && isDeepStrictEqual(ruleOf(one), ruleOf(other));
}
