import { join } from 'node:path';
import { CommandError } from '../command-error.ts';
import type { Manifest } from '../registry/manifest.ts';
import { loadModel, refuseTakenId } from '../registry/model-registry.ts';
import { faithfulnessWords, gateFailures, tooFewToJudge } from '../registry/quantization.ts';
import type { Dataset } from '../training/dataset/dataset.ts';
import { int8IdOf, publishInt8 } from './publish-int8.ts';
import { ofDataset } from './quantization-photos.ts';
import { type QuantizeWork, quantizeModel } from './quantize-model.ts';

/** Photos of the training part that set the ranges; with `minmax` more of them change little (docs/experiments.md). */
const CALIBRATION_PHOTOS = 128;

const METHOD = 'minmax';

/**
 * Adds the int8 form of a model that was just learned, where it passes the gate. The model itself is published and
 * reported already: what is wrong with its int8 form is reported too, and spoils nothing.
 *
 * @param models the folder that has the model and gets its form.
 * @param dataset what it learned from, open.
 * @returns what came of it, for people.
 */
export async function addInt8(models: string, parent: Manifest, dataset: Dataset, work: QuantizeWork): Promise<string> {
  const id = int8IdOf(parent.id);
  try {
    await refuseTakenId([models], id);
    const model = await loadModel([models], parent.id);
    const photos = await ofDataset(dataset, { calibration: CALIBRATION_PHOTOS });
    const few = tooFewToJudge(photos.judging.length);
    if (few) return `no int8 form: ${few}; models quantize ${parent.id} --calibrate a folder of 200 makes one`;
    const made = await quantizeModel(model, { photos, method: METHOD }, work);
    const failures = gateFailures(made.faithfulness);
    if (failures.length > 0) return `no int8 form: ${failures.join('; ')}`;
    const command = `swipenet train (models quantize ${parent.id} --photos ${CALIBRATION_PHOTOS} --method ${METHOD})`;
    await publishInt8(models, { id, parent, method: METHOD, photos, command }, made);
    return `${join(models, id)}: its int8 form for the CPU, ${faithfulnessWords(made.faithfulness)}`;
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return `no int8 form: ${error.message} (${error.code})`;
  }
}
