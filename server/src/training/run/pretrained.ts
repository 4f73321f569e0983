import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { CommandError } from '../../command-error.ts';
import { CAFFE_MEANS, meansOf, readNetwork } from '../../interchange/import-network.ts';
import { parentOf } from '../../interchange/import-source.ts';
import type { Manifest } from '../../registry/manifest.ts';
import { openModelFolder } from '../../registry/model-folder.ts';
import { loadEmbeddedModel } from '../../registry/model-folders.ts';
import type { Pretrained } from './initialize.ts';

/**
 * Reads the parameters that `--init` names: `embedded`, a model's folder, or a file of weights. The model may be a mere
 * initialization, and a color network has its channels in Caffe's order. Returns undefined for `none`. Throws what
 * reading a model or a file of weights throws.
 */
export async function readPretrained(init: string): Promise<Pretrained | undefined> {
  if (init === 'none') return undefined;
  if (init === 'embedded') return pretrainedOf((await loadEmbeddedModel()).modelPath);
  const found = await stat(init).catch((cause: unknown) => {
    const accepted = 'Pass embedded, none, a model’s folder, or a file of weights';
    throw new CommandError('path_missing', `--init: ${init} doesn’t exist or can’t be read. ${accepted}`, { cause });
  });
  if (!found.isDirectory()) return pretrainedOf(init);
  const { modelPath, manifest } = await openModelFolder(init);
  return pretrainedOf(modelPath, manifest);
}

/** Returns what `--init` names, without local paths. */
export const initName = (init: string) => (init === 'none' || init === 'embedded' ? init : basename(init));

async function pretrainedOf(file: string, manifest?: Manifest): Promise<Pretrained> {
  const network = readNetwork(await readFile(file), file, parentOf(manifest));
  return { weights: network.weights, means: meansOf(network) ?? (network.channels === 3 ? CAFFE_MEANS : undefined) };
}
