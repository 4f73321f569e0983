import { join } from 'node:path';
import { CommandError } from '../command-error.ts';
import { toRun } from '../command-form.ts';
import type { Manifest } from '../registry/manifest.ts';
import { loadModel, refuseTakenId } from '../registry/model-registry.ts';
import { faithfulnessWords, gateFailures, tooFewToJudge } from '../registry/quantization.ts';
import type { Dataset } from '../training/dataset/dataset.ts';
import { int8IdOf, publishInt8 } from './publish-int8.ts';
import { calibrationOf, photosOfDataset } from './quantization-photos.ts';
import { type QuantizeWork, quantizeModel } from './quantize-model.ts';
import { quantizedBodyOf } from './quantized-body.ts';

/** The number of training photos that set the ranges. With `minmax`, more change little (docs/experiments.md). */
const CALIBRATION_PHOTOS = 128;

const METHOD = 'minmax';

/**
 * Adds the int8 form of a model that was just trained, if it passes the gate. The model itself is already published and
 * reported, so a problem with its int8 form is only reported.
 *
 * @param folders the folders with models. The first has the model and gets its int8 form.
 * @param dataset the open dataset that the model was trained on.
 * @returns the outcome, for people.
 */
export async function addInt8(
  folders: readonly [string, ...string[]],
  parent: Manifest,
  dataset: Dataset,
  work: QuantizeWork,
): Promise<string> {
  const [models] = folders;
  const id = int8IdOf(parent.id);
  try {
    await refuseTakenId([models], id);
    const model = await loadModel([models], parent.id);
    const photos = await photosOfDataset(dataset, { calibration: CALIBRATION_PHOTOS });
    const few = tooFewToJudge(photos.evaluation.length);
    if (few) {
      const advice = `run ${toRun(`models quantize ${parent.id} --calibrate FOLDER`)} with 200 photos or more`;
      return `no int8 form: ${few}; ${advice}`;
    }
    const body = await quantizedBodyOf(parent, folders);
    const int8 = await quantizeModel(model, { photos, method: METHOD, body }, work);
    const failures = gateFailures(int8.faithfulness);
    if (failures.length > 0) return `no int8 form: ${failures.join('; ')}`;
    const ranges = body ? '' : ` --photos ${CALIBRATION_PHOTOS} --method ${METHOD}`;
    const command = `swipenet train (models quantize ${parent.id}${ranges})`;
    const calibration = body?.calibration ?? calibrationOf(photos, METHOD);
    await publishInt8(models, { id, parent, calibration, command }, int8);
    return `${join(models, id)}: the model’s int8 form for the CPU, ${faithfulnessWords(int8.faithfulness)}`;
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return `no int8 form: ${error.message} (${error.code})`;
  }
}
