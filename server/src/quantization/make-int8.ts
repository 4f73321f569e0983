import { existsSync } from 'node:fs';
import { access, constants } from 'node:fs/promises';
import { dirname } from 'node:path';
import { systemCodeOf } from '@swipenet/shared/contract/errors.ts';
import { CommandError } from '../command-error.ts';
import { precisionOf } from '../registry/choose-precision.ts';
import type { Manifest } from '../registry/manifest.ts';
import { loadServedModel, refuseTakenId } from '../registry/model-registry.ts';
import { type CalibrationMethod, type Faithfulness, gateFailures, tooFewToJudge } from '../registry/quantization.ts';
import { writeLayerReport } from './layer-report.ts';
import { publishInt8 } from './publish-int8.ts';
import { type QuantizationPhotos, readQuantizationPhotos } from './quantization-photos.ts';
import { type QuantizeWork, quantizeModel } from './quantize-model.ts';

/** Photos that the layers of a report are compared on. */
const REPORT_PHOTOS = 16;

/** Which int8 form is made of what. */
export interface Int8Request {
  /** The folders that the parent is looked up in. */
  readonly folders: readonly string[];
  readonly parentId: string;
  /** Photos like those that will be scored: a folder, or a data set. */
  readonly calibrate: string;
  /** How many of them set the ranges. */
  readonly photos: number;
  readonly method: CalibrationMethod;
  /** The new model's id. */
  readonly id: string;
  /** Where it goes. */
  readonly folder: string;
  /** The folders whose ids are taken, as refuseTakenId takes them. */
  readonly taken: readonly string[];
  /** The file that gets what every layer loses. */
  readonly report: string | undefined;
  /** Publishes it even where it doesn't pass the gate. */
  readonly force: boolean;
  /** The command that makes it, for the manifest. */
  readonly command: string;
}

/** What the work runs on, and who hears of it. */
export interface Int8Work extends QuantizeWork {
  /** Called once the photos are read, with the files that aren't photos. */
  readonly onLeftOut: (failed: QuantizationPhotos['failed']) => void;
  /** Called before the gate decides. */
  readonly onJudged: (faithfulness: Faithfulness) => void;
}

/**
 * Makes a model's int8 form and publishes it where it passes the gate.
 *
 * @throws CommandError what loading the model and reading the photos throw; what {@link refuseBefore} throws, before any
 *   work; `quantization_unfaithful`.
 */
export async function makeInt8(request: Int8Request, work: Int8Work): Promise<Manifest> {
  const { folders, parentId, calibrate, method, id, folder, report, force, command } = request;
  const model = await loadServedModel(folders, parentId);
  const { manifest: parent } = model;
  await refuseBefore(parent, request);
  const photos = await readQuantizationPhotos(calibrate, {
    calibration: request.photos,
    resize: parent.preprocessing.resize,
    workers: work.threads,
    onProgress: (done, total) => work.onProgress?.('reading photos', done, total),
  });
  work.onLeftOut(photos.failed);
  const few = tooFewToJudge(photos.judging.length);
  if (few && !force) throw unfaithful(few);
  const made = await quantizeModel(model, { photos, method }, work);
  if (report !== undefined) {
    const about = { id, settings: { parent: parentId, method, photos: photos.calibration.length } };
    await writeLayerReport(report, about, made, photos.judging.slice(0, REPORT_PHOTOS), work.threads);
  }
  work.onJudged(made.faithfulness);
  const failures = gateFailures(made.faithfulness);
  if (failures.length > 0 && !force) throw unfaithful(failures.join('; '));
  return publishInt8(folder, { id, parent, method, photos, command }, made);
}

const unfaithful = (why: string) =>
  new CommandError('quantization_unfaithful', `${why}; --force publishes it all the same, and auto passes it over`);

/**
 * Refuses what would only fail at the end, before minutes of work.
 *
 * @throws CommandError `weights_invalid` for an int8 parent, `model_exists`, `option_invalid`, `output_unusable`.
 */
async function refuseBefore(parent: Manifest, { taken, id, report }: Int8Request): Promise<void> {
  if (precisionOf(parent) === 'int8') {
    const message = `${parent.id} is an int8 model, whose weights are rounded: quantize ${parent.quantization?.parent ?? 'its parent'}`;
    throw new CommandError('weights_invalid', message);
  }
  await refuseTakenId(taken, id, '--name');
  if (report === undefined) return;
  if (existsSync(report)) {
    throw new CommandError('output_unusable', `${report} is there already and stays as it is`);
  }
  await access(dirname(report), constants.W_OK).catch((cause: unknown) => {
    throw new CommandError('output_unusable', `${report} cannot be written (${systemCodeOf(cause)})`, { cause });
  });
}
