import { readFile } from 'node:fs/promises';
import { DEFAULT_THRESHOLD } from '@swipenet/shared/confidence.ts';
import { systemClock } from '../clock.ts';
import { cores } from '../config/machine.ts';
import { type Int8Model, type QuantizeModelOptions, quantizeModel } from '../quantization/quantize-model.ts';
import type { InstalledModel } from '../registry/model-folder.ts';
import { gateFailures } from '../registry/quantization.ts';
import { Progress } from './progress.ts';

/** A model's int8 form, and what of it is beyond the gate, in words. */
export interface MadeInt8 {
  readonly made: Int8Model;
  readonly failures: readonly string[];
}

/** Makes a model's int8 form on all cores and tells how far it is; throws what {@link quantizeModel} does. */
export async function makeInt8(
  { manifest, modelPath }: InstalledModel,
  { photos, method }: Pick<QuantizeModelOptions, 'photos' | 'method'>,
): Promise<MadeInt8> {
  const progress = new Progress(process.stderr, systemClock.now);
  const made = await quantizeModel({
    ...{ model: await readFile(modelPath), photos, method, threads: cores },
    threshold: manifest.threshold ?? DEFAULT_THRESHOLD,
    onProgress: (title, done, total) => progress.update(title, done, total),
  });
  return { made, failures: gateFailures(made.faithfulness) };
}
