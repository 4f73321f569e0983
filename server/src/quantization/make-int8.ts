import { existsSync } from 'node:fs';
import { access, constants } from 'node:fs/promises';
import { dirname } from 'node:path';
import { systemCodeOf } from '@swipenet/shared/contract/errors.ts';
import { CommandError } from '../command-error.ts';
import { precisionOf } from '../registry/choose-precision.ts';
import type { Manifest } from '../registry/manifest.ts';
import { loadModel, refuseTakenId } from '../registry/model-registry.ts';
import { type CalibrationMethod, type Faithfulness, gateFailures, tooFewToJudge } from '../registry/quantization.ts';
import { writeLayerReport } from './layer-report.ts';
import { publishInt8 } from './publish-int8.ts';
import { calibrationOf, type QuantizationPhotos, readQuantizationPhotos } from './quantization-photos.ts';
import { type QuantizeWork, quantizeModel } from './quantize-model.ts';
import { quantizedBodyOf } from './quantized-body.ts';

/** The number of photos on which a report compares layers. */
const REPORT_PHOTOS = 16;

/** Which int8 form to make, and from what. */
export interface Int8Request {
  /** Where to look up the parent. */
  readonly folders: readonly string[];
  readonly parentId: string;
  /** Photos like those that will be scored: a folder or a dataset. */
  readonly calibrate: string;
  /** How many of them set the ranges. */
  readonly photos: number;
  readonly method: CalibrationMethod;
  /** The new model's id. */
  readonly id: string;
  /** Where to put the new model. */
  readonly folder: string;
  /** The folders whose ids are taken (see refuseTakenId). */
  readonly taken: readonly string[];
  /** The file to write the layer report to, if any. */
  readonly report: string | undefined;
  /** Publish the model even if it fails the gate. */
  readonly force: boolean;
  /** The command that makes it, for the manifest. */
  readonly command: string;
}

/** The resources and callbacks of the work. */
export interface Int8Work extends QuantizeWork {
  /** Called when the photos are read, with the files and folders that couldn't be. */
  readonly onLeftOut: (leftOut: QuantizationPhotos['leftOut']) => void;
  /** Called with the ID of the int8 model whose layers and ranges are taken over, if any. */
  readonly onBody: (id: string) => void;
  /** Called before the gate decides. */
  readonly onJudged: (faithfulness: Faithfulness) => void;
}

/**
 * Makes a model's int8 form and publishes it if it passes the gate.
 *
 * @throws CommandError `quantization_unfaithful`, or what loading the model and reading the photos throw. What
 *   {@link failEarly} throws comes before any work.
 */
export async function makeInt8(request: Int8Request, work: Int8Work): Promise<Manifest> {
  const { folders, parentId, calibrate, method, id, folder, report, force, command } = request;
  const model = await loadModel(folders, parentId);
  const { manifest: parent } = model;
  await failEarly(parent, request);
  const photos = await readQuantizationPhotos(calibrate, {
    calibration: request.photos,
    resize: parent.preprocessing.resize,
    workers: work.threads,
    onProgress: (done, total) => work.onProgress?.('reading photos', done, total),
  });
  work.onLeftOut(photos.leftOut);
  const few = tooFewToJudge(photos.evaluation.length);
  if (few && !force) throw unfaithful(few);
  const body = await quantizedBodyOf(parent, folders);
  if (body) work.onBody(body.id);
  const int8 = await quantizeModel(model, { photos, method, body }, work);
  if (report !== undefined) {
    const about = { id, settings: { parent: parentId, method, photos: photos.calibration.length } };
    await writeLayerReport(report, about, int8, photos.evaluation.slice(0, REPORT_PHOTOS), work.threads);
  }
  work.onJudged(int8.faithfulness);
  const failures = gateFailures(int8.faithfulness);
  if (failures.length > 0 && !force) throw unfaithful(failures.join('; '));
  const calibration = body?.calibration ?? calibrationOf(photos, method);
  return publishInt8(folder, { id, parent, calibration, command }, int8);
}

const unfaithful = (why: string) =>
  new CommandError('quantization_unfaithful', `${why}; pass --force to publish it anyway, though auto won’t choose it`);

/**
 * Rejects requests that would otherwise only fail after minutes of work.
 *
 * @throws CommandError `weights_invalid` for an int8 parent, `model_exists`, `option_invalid`, `output_unusable`.
 */
async function failEarly(parent: Manifest, { taken, id, report }: Int8Request): Promise<void> {
  if (precisionOf(parent) === 'int8') {
    const message = `${parent.id} is already an int8 model; quantize ${parent.quantization?.parent ?? 'its parent'} instead`;
    throw new CommandError('weights_invalid', message);
  }
  await refuseTakenId(taken, id, '--name');
  if (report === undefined) return;
  if (existsSync(report)) {
    throw new CommandError('output_unusable', `${report} already exists; choose another path`);
  }
  await access(dirname(report), constants.W_OK).catch((cause: unknown) => {
    throw new CommandError('output_unusable', `${report} can’t be written (${systemCodeOf(cause)})`, { cause });
  });
}
