import { DEFAULT_THRESHOLD } from '@swipenet/shared/confidence.ts';
import type { ResizeMode } from '@swipenet/shared/photo.ts';
import { CommandError } from '../command-error.ts';
import { sha256 } from '../files/sha256.ts';
import type { Means } from '../googlenet/gray-weights.ts';
import { buildServingModel, type ServingModelOptions } from '../googlenet/serving-model.ts';
import type { Manifest } from '../registry/manifest.ts';
import { type ModelDescription, publishModel } from '../registry/model-registry.ts';
import { manifestOfNotes } from './export-file.ts';
import { CAFFE_MEANS, type FileNetwork, grayNetwork, readNetwork, swapClasses } from './import-network.ts';
import { type ImportSource, parentStated } from './import-source.ts';

/** What the caller says of a model that is imported; what is left out, the source says. */
export interface ImportChoices {
  readonly id?: string | undefined;
  readonly resize?: ResizeMode | undefined;
  /** Gray levels, 0 to 255: one, or one per channel in the file's order. */
  readonly mean?: readonly number[] | undefined;
  readonly channels?: 'bgr' | 'rgb' | undefined;
  readonly classes?: 'NOPE,LIKE' | 'LIKE,NOPE' | undefined;
  readonly temperature?: number | undefined;
  readonly storage?: 'float32' | 'float16' | undefined;
  readonly description?: string | undefined;
  readonly metrics?: Readonly<Record<string, number>> | undefined;
}

/** What an import comes to: what is said of the model, and what its file is built of. */
export interface ImportedModel {
  readonly about: ModelDescription;
  readonly network: ServingModelOptions;
}

/**
 * Describes the model that a source becomes. What the choices leave open comes from the source's manifest: the one beside
 * it, or the one in an exported file's notes.
 *
 * @param command the command that imports it, for the manifest.
 * @throws CommandError `weights_invalid`; `model_invalid`; `option_invalid`, naming the flag.
 */
export function describeImport(
  { bytes: source, fileName, hint = '', ...beside }: ImportSource,
  choices: ImportChoices,
  command: string,
): ImportedModel {
  const read = readNetwork(source, fileName, parentStated(beside.manifest));
  const stated = beside.manifest ?? manifestOfNotes(read.notes);
  if (stated) refuseContradiction(choices, stated);
  const network = choices.classes === 'LIKE,NOPE' ? swapClasses(read) : read;
  const { weights, classes, mean } = grayNetwork(network, importedMeans(network, choices));
  const id = required(choices.id ?? stated?.id, 'id', `the new model’s id${hint}`);
  const resize = required(
    choices.resize ?? stated?.preprocessing.resize,
    'resize',
    `how its photos became squares${hint}`,
  );
  const words = choices.description ?? stated?.provenance.description;
  const description = required(words, 'description', `what it learned from and how${hint}`);
  const temperature =
    choices.temperature ?? asStated(network.temperature ?? stated?.temperature ?? 1, stated?.temperature);
  const storage = choices.storage ?? (stated?.model.storage === 'float16' ? 'float16' : 'float32');
  const served = classes === 2;
  const metrics = choices.metrics ?? stated?.metrics ?? {};
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

/** Builds the file of an imported model and publishes it. Throws what buildServingModel and publishModel throw. */
export async function publishImport(folder: string, { about, network }: ImportedModel): Promise<Manifest> {
  return publishModel(folder, about, { bytes: buildServingModel(network), storage: network.storage });
}

/** Refuses choices that contradict the source's manifest: its figures are of the model as it describes it. */
function refuseContradiction({ classes, resize }: ImportChoices, stated: Manifest): void {
  const refuse = (flag: string, what: string) =>
    new CommandError('option_invalid', `--${flag}: the file says itself ${what}`);
  const { resize: statedResize } = stated.preprocessing;
  if (resize !== undefined && resize !== statedResize) {
    throw refuse('resize', `how its photos became squares: ${statedResize}`);
  }
  if (classes !== undefined && typeof stated.classes !== 'number' && classes !== stated.classes.join()) {
    throw refuse('classes', `in which order its classes are: ${stated.classes.join()}`);
  }
}

/**
 * What is subtracted from a network's photos where its file doesn't say: the chosen levels, or Caffe's means for a color
 * network.
 */
function importedMeans({ mean, channels }: FileNetwork, choices: ImportChoices): Means {
  const refuse = (why: string) => new CommandError('option_invalid', `--mean: ${why}`);
  if (mean && choices.mean) throw refuse('the file says itself what is subtracted');
  if (mean) return undefined;
  const caffe = choices.channels === 'rgb' ? CAFFE_MEANS.toReversed() : CAFFE_MEANS;
  const known = choices.mean ?? (channels === 3 ? caffe : undefined);
  const levels = required(known, 'mean', 'the gray level, 0 to 255, that was subtracted from its photos');
  if (levels.length === 1) return levels[0]!;
  if (levels.length === channels) return levels;
  throw refuse(`${levels.length} levels are given, the network takes gray photos`);
}

/** A value that the source left open, so that its flag must give it. */
function required<Value>(value: Value | undefined, flag: string, what: string): Value {
  if (value !== undefined) return value;
  throw new CommandError('option_invalid', `--${flag} is needed: ${what}`);
}

/** The number as it was stated in decimals, where the file's float32 is that number. */
const asStated = (number: number, stated: unknown) =>
  typeof stated === 'number' && Math.fround(stated) === Math.fround(number) ? stated : number;
