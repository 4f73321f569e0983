import { DEFAULT_THRESHOLD } from '@swipenet/shared/confidence.ts';
import type { ResizeMode } from '@swipenet/shared/photo.ts';
import { CommandError } from '../command-error.ts';
import { sha256 } from '../files/sha256.ts';
import type { Means } from '../googlenet/gray-weights.ts';
import { buildServingModel, type ServingModelOptions } from '../googlenet/serving-model.ts';
import type { Manifest } from '../registry/manifest.ts';
import { type ModelDescription, publishModel } from '../registry/model-registry.ts';
import { manifestFromMetadata } from './export-file.ts';
import {
  CAFFE_MEANS,
  checkTemperature,
  type FileNetwork,
  grayNetwork,
  readNetwork,
  swapClasses,
} from './import-network.ts';
import { type ImportSource, parentOf } from './import-source.ts';

/** What the caller says about an imported model. Whatever is left out comes from the source. */
export interface ImportChoices {
  readonly id?: string | undefined;
  readonly resize?: ResizeMode | undefined;
  /** Gray levels from 0 to 255: one, or one per channel in the file's order. */
  readonly mean?: readonly number[] | undefined;
  readonly channels?: 'bgr' | 'rgb' | undefined;
  readonly classes?: 'NOPE,LIKE' | 'LIKE,NOPE' | undefined;
  readonly temperature?: number | undefined;
  readonly storage?: 'float32' | 'float16' | undefined;
  readonly description?: string | undefined;
  readonly metrics?: Readonly<Record<string, number>> | undefined;
}

/** An import before it is published: the model's description, and what its file is built from. */
export interface ImportedModel {
  readonly about: ModelDescription;
  readonly network: ServingModelOptions;
}

/**
 * Describes the model to make from a source. Whatever the choices leave open comes from the source's manifest, which is
 * next to the file or in an exported file's metadata.
 *
 * @param command the command that imports it, for the manifest.
 * @throws CommandError `weights_invalid`, `model_invalid`, or `option_invalid`, naming the flag.
 */
export function describeImport(
  { bytes: source, fileName, hint = '', manifest }: ImportSource,
  choices: ImportChoices,
  command: string,
): ImportedModel {
  const read = readNetwork(source, fileName, parentOf(manifest));
  const stated = manifest ?? manifestFromMetadata(read.metadata);
  if (stated) rejectContradictions(choices, stated);
  const network = choices.classes === 'LIKE,NOPE' ? swapClasses(read) : read;
  const { weights, classes, mean } = grayNetwork(network, importedMeans(network, choices));
  const id = required(choices.id ?? stated?.id, 'id', `the new model’s id${hint}`);
  const resize = required(
    choices.resize ?? stated?.preprocessing.resize,
    'resize',
    `how the model’s photos are made square${hint}`,
  );
  const words = choices.description ?? stated?.provenance.description;
  const description = required(words, 'description', `how and on what the model was trained${hint}`);
  const temperature =
    choices.temperature ?? asStated(network.temperature ?? stated?.temperature ?? 1, stated?.temperature);
  checkTemperature(temperature);
  const storage = choices.storage ?? (stated?.model.storage === 'float16' ? 'float16' : 'float32');
  const served = classes === 2;
  const metrics = choices.metrics ?? stated?.metrics ?? {};
  const { threshold, decision } = stated ?? { threshold: DEFAULT_THRESHOLD };
  const about: ModelDescription = {
    id,
    ...(!served && { classes }),
    preprocessing: { resize, mean: typeof mean === 'number' ? asStated(mean, stated?.preprocessing.mean) : 'image' },
    ...(served && threshold !== undefined && { threshold }),
    ...(served && decision && { decision }),
    ...(stated?.spareFilters && { spareFilters: stated.spareFilters }),
    ...(stated?.headOf && { headOf: stated.headOf }),
    temperature,
    metrics,
    provenance: { description, command, sourceSha256: sha256(source) },
  };
  return { about, network: { weights, mean, temperature, storage } };
}

/**
 * Builds the file of an imported model and publishes it.
 *
 * @throws CommandError what buildServingModel and publishModel throw.
 */
export async function publishImport(folder: string, { about, network }: ImportedModel): Promise<Manifest> {
  return publishModel(folder, about, { bytes: buildServingModel(network), storage: network.storage });
}

/** Rejects choices that contradict the source's manifest: its metrics are only valid for the model it describes. */
function rejectContradictions({ classes, resize }: ImportChoices, stated: Manifest): void {
  const contradiction = (flag: string, fact: string) =>
    new CommandError('option_invalid', `--${flag} contradicts the file, whose ${fact}; leave the flag out`);
  const { resize: statedResize } = stated.preprocessing;
  if (resize !== undefined && resize !== statedResize) {
    throw contradiction('resize', `photos are resized with ${statedResize}`);
  }
  if (classes !== undefined && typeof stated.classes !== 'number' && classes !== stated.classes.join()) {
    throw contradiction('classes', `classes are in the order ${stated.classes.join()}`);
  }
}

/**
 * Returns the means if a network's file doesn't have them: the chosen levels, or Caffe's means for a color network.
 */
function importedMeans({ mean, channels }: FileNetwork, choices: ImportChoices): Means {
  if (mean && choices.mean) {
    throw new CommandError('option_invalid', 'the file already has a mean; leave --mean out');
  }
  if (mean) return undefined;
  const caffe = choices.channels === 'rgb' ? CAFFE_MEANS.toReversed() : CAFFE_MEANS;
  const known = choices.mean ?? (channels === 3 ? caffe : undefined);
  const levels = required(known, 'mean', 'the gray level, 0 to 255, that is subtracted from the model’s photos');
  if (levels.length === 1) return levels[0]!;
  if (levels.length === channels) return levels;
  const expected = channels === 3 ? '1 or 3' : '1';
  throw new CommandError('option_invalid', `--mean has ${levels.length} levels, but the network takes ${expected}`);
}

/** Returns a value that the source or a flag provided. Throws CommandError `option_invalid` if neither did. */
function required<Value>(value: Value | undefined, flag: string, what: string): Value {
  if (value !== undefined) return value;
  throw new CommandError('option_invalid', `--${flag} is required: ${what}`);
}

/** Prefers the manifest's decimal number if the file's float32 is the same number. */
const asStated = (number: number, stated: unknown) =>
  typeof stated === 'number' && Math.fround(stated) === Math.fround(number) ? stated : number;
