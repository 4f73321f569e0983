import { DEFAULT_THRESHOLD } from '@swipenet/shared/confidence.ts';
import { sha256 } from '../files/sha256.ts';
import { buildServingModel, type ServingModelOptions } from '../googlenet/serving-model.ts';
import { manifestOfNotes } from '../interchange/export-file.ts';
import { grayNetwork, readNetwork, swapClasses } from '../interchange/import-network.ts';
import type { Manifest } from '../registry/manifest.ts';
import { type ModelDescription, publishModel } from '../registry/model-registry.ts';
import { type ImportFlags, required } from './import-flags.ts';
import { importedMeans } from './import-means.ts';
import type { ImportSource } from './import-source.ts';
import { parentStated, refuseContradiction } from './import-stated.ts';

/** What an import comes to: what is said of the model, and what its file is built of. */
export interface ImportedModel {
  readonly about: ModelDescription;
  readonly network: ServingModelOptions;
}

/** Builds the file of an imported model and publishes it. Throws what buildServingModel and publishModel throw. */
export async function publishImport(folder: string, { about, network }: ImportedModel): Promise<Manifest> {
  return publishModel(folder, about, { bytes: buildServingModel(network), storage: network.storage });
}

/** The number as it was stated in decimals, where the file's float32 is that number. */
const asStated = (number: number, stated: unknown) =>
  typeof stated === 'number' && Math.fround(stated) === Math.fround(number) ? stated : number;

/**
 * Makes of a source and flags what can be published. What the flags leave open is taken from the source's manifest: the
 * one beside it, or the one in an exported file's notes.
 *
 * @param command the command that did it, for the manifest.
 * @throws CommandError `weights_invalid`; `model_invalid`; `option_invalid`, naming the flag.
 */
export function describeImport(
  { bytes: source, fileName, hint = '', ...beside }: ImportSource,
  flags: ImportFlags,
  command: string,
): ImportedModel {
  const read = readNetwork(source, fileName, parentStated(beside.manifest));
  const stated = beside.manifest ?? manifestOfNotes(read.notes);
  if (stated) refuseContradiction(flags, stated);
  const network = flags.classes === 'LIKE,NOPE' ? swapClasses(read) : read;
  const { weights, classes, mean } = grayNetwork(network, importedMeans(network, flags));
  const id = required(flags.id ?? stated?.id, 'id', `the new model’s id${hint}`);
  const resize = required(
    flags.resize ?? stated?.preprocessing.resize,
    'resize',
    `how its photos became squares${hint}`,
  );
  const words = flags.description ?? stated?.provenance.description;
  const description = required(words, 'description', `what it learnt from and how${hint}`);
  const temperature =
    flags.temperature ?? asStated(network.temperature ?? stated?.temperature ?? 1, stated?.temperature);
  const storage = flags.storage ?? (stated?.model.storage === 'float16' ? 'float16' : 'float32');
  const served = classes === 2;
  const metrics = Object.keys(flags.metric).length > 0 ? flags.metric : (stated?.metrics ?? {});
  const threshold = stated ? stated.threshold : DEFAULT_THRESHOLD;
  const about: ModelDescription = {
    id,
    ...(!served && { classes }),
    preprocessing: { resize, mean: typeof mean === 'number' ? asStated(mean, stated?.preprocessing.mean) : 'image' },
    ...(served && threshold !== undefined && { threshold }),
    temperature,
    metrics,
    provenance: { description, command, sourceSha256: sha256(source) },
  };
  return { about, network: { weights, mean, temperature, storage } };
}
