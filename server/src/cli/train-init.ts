import { readFile, stat } from 'node:fs/promises';
import { CommandError } from '../command-error.ts';
import { EMBEDDED_MODEL } from '../config/embedded-model.ts';
import { CAFFE_MEANS, meansOf, readNetwork } from '../interchange/import-network.ts';
import { parentStated } from '../interchange/import-source.ts';
import type { Manifest } from '../registry/manifest.ts';
import { openModelFolder } from '../registry/model-folder.ts';
import { loadModel } from '../registry/model-registry.ts';
import type { Pretrained } from '../training/run/initialize.ts';

/**
 * The parameters that `--init` names: `embedded`, a model's folder (an initialisation too), or a file of weights,
 * colour in Caffe's order; `undefined` for `none`. Throws what reading a model or a file of weights throws.
 */
export async function readInit(init: string): Promise<Pretrained | undefined> {
  if (init === 'none') return undefined;
  if (init === 'embedded') return pretrainedOf((await loadModel([EMBEDDED_MODEL.folder], EMBEDDED_MODEL.id)).modelPath);
  const found = await stat(init).catch((cause: unknown) => {
    const takes = 'it takes embedded, none, a model’s folder, or a file of weights';
    throw new CommandError('path_missing', `--init: ${init} does not exist or cannot be read; ${takes}`, { cause });
  });
  if (!found.isDirectory()) return pretrainedOf(init);
  const { modelPath, manifest } = await openModelFolder(init);
  return pretrainedOf(modelPath, manifest);
}

async function pretrainedOf(file: string, manifest?: Manifest): Promise<Pretrained> {
  const network = readNetwork(await readFile(file), file, parentStated(manifest));
  return { weights: network.weights, means: meansOf(network) ?? (network.channels === 3 ? CAFFE_MEANS : undefined) };
}
