import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CommandError } from '../command-error.ts';
import { toRun } from '../command-form.ts';
import type { Manifest } from '../registry/manifest.ts';
import { type DownloadOptions, download, type PublicFile } from './download.ts';
import { describeImport, publishImport } from './import-model.ts';
import { CAFFE_MEANS } from './import-network.ts';

/** A public GoogLeNet that `models fetch` can download. */
export interface FetchedModel {
  readonly id: string;
  readonly file: PublicFile;
  readonly description: string;
}

const ZOO = 'https://github.com/onnx/models/raw/main/validated/vision';

/** The public models by the name that `models fetch` takes. */
export const FETCHED_MODELS: Readonly<Record<string, FetchedModel>> = {
  bvlc: {
    id: 'bvlc',
    file: {
      url: `${ZOO}/classification/inception_and_googlenet/googlenet/model/googlenet-7.onnx`,
      bytes: 28_020_232,
      sha256: '5725ccfd90845735ce5897faf7843c3f9b13acda3c4f3bff82cb21c9337c9de8',
    },
    description:
      'BVLC GoogLeNet, trained on ImageNet (Caffe model zoo: “released for unrestricted use”), from the ONNX model zoo',
  },
};

/**
 * Downloads a public model and imports it. Nothing is written until the download is complete and its hash is correct.
 *
 * @param models the folder that gets the model.
 * @throws CommandError `model_exists` before the download, `fetch_failed`, or what importing throws.
 */
export async function fetchModel(
  { id, file, description }: FetchedModel,
  models: string,
  options: DownloadOptions,
): Promise<Manifest> {
  if (existsSync(join(models, id))) {
    const advice = `run ${toRun(`models remove ${id}`)} first`;
    throw new CommandError('model_exists', `the model ${id} already exists; ${advice}`);
  }
  const bytes = await download(file, options);
  const choices = { id, description, resize: 'squash', mean: CAFFE_MEANS } as const;
  return publishImport(models, describeImport({ bytes }, choices, `swipenet models fetch ${id}`));
}
