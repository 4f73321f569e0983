import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { CommandError } from '../../../command-error.ts';
import { CAFFE_MEANS, meansOf, readNetwork } from '../../../interchange/import-network.ts';
import { parentOf } from '../../../interchange/import-source.ts';
import { type InstalledModel, openModelFolder } from '../../../registry/model-folder.ts';
import { EMBEDDED_IDS, loadEmbeddedModel } from '../../../registry/model-folders.ts';
import type { Pretrained } from './initialize.ts';

/**
 * Reads the parameters that `--init` names: a model that comes with Swipenet, a model's folder, or a file of weights. The
 * model may be a mere initialization, and a color network has its channels in Caffe's order. Returns undefined for
 * `none`. Throws what reading a model or a file of weights throws.
 */
export async function readPretrained(init: string): Promise<Pretrained | undefined> {
  if (init === 'none') return undefined;
  if (isEmbedded(init)) return pretrainedOf(await loadEmbeddedModel(init));
  const found = await stat(init).catch((cause: unknown) => {
    const accepted = `Pass ${[...EMBEDDED_IDS, 'none'].join(', ')}, a model’s folder, or a file of weights`;
    throw new CommandError('path_missing', `--init: ${init} doesn’t exist or can’t be read. ${accepted}`, { cause });
  });
  return pretrainedOf(found.isDirectory() ? await openModelFolder(init) : { modelPath: init });
}

const isEmbedded = (init: string): init is (typeof EMBEDDED_IDS)[number] =>
  (EMBEDDED_IDS as readonly string[]).includes(init);

/** Returns what `--init` names, without local paths. */
export const initName = (init: string) => (init === 'none' || isEmbedded(init) ? init : basename(init));

async function pretrainedOf({
  modelPath,
  manifest,
}: Partial<InstalledModel> & { modelPath: string }): Promise<Pretrained> {
  const network = readNetwork(await readFile(modelPath), modelPath, parentOf(manifest));
  const spareFilters = manifest?.spareFilters;
  return {
    weights: network.weights,
    means: meansOf(network) ?? (network.channels === 3 ? CAFFE_MEANS : undefined),
    forHeads: spareFilters && { id: manifest.id, sha256: manifest.model.sha256, spareFilters },
  };
}
