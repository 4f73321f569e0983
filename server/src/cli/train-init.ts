import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import { EMBEDDED_MODEL } from '../config.ts';
import { readModelWeights } from '../googlenet/model-weights.ts';
import { readSafetensors } from '../googlenet/safetensors.ts';
import { loadModel } from '../registry/model-registry.ts';
import type { Pretrained } from '../training/initialize.ts';

/** What the Caffe model zoo's GoogLeNet subtracts from blue, green and red. */
const BVLC_MEANS = [104, 117, 123];

/** The parameters that `--init` names; `undefined` for `none`. Throws what reading a model or a safetensors file throws. */
export async function readInit(init: string): Promise<Pretrained | undefined> {
  if (init === 'none') return undefined;
  if (init === 'embedded') return readModelFolder(EMBEDDED_MODEL.folder, EMBEDDED_MODEL.id);
  const found = await stat(init).catch((cause: unknown) => {
    throw new SwipenetError('path_missing', `--init: ${init} does not exist or cannot be read`, { cause });
  });
  if (found.isDirectory()) return readModelFolder(dirname(resolve(init)), basename(resolve(init)));
  const weights = readSafetensors(await readFile(init));
  const channels = [...weights].find(([name]) => name.startsWith('conv1/'))?.[1].shape[1];
  return { weights, means: channels === 3 ? BVLC_MEANS : undefined };
}

async function readModelFolder(folder: string, id: string): Promise<Pretrained> {
  const { modelPath } = await loadModel([folder], id);
  const { weights, meanLevel } = readModelWeights(await readFile(modelPath));
  return { weights, means: meanLevel };
}
