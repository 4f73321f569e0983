import { DEFAULT_THRESHOLD } from '@swipenet/shared/confidence.ts';
import { CommandError } from '../command-error.ts';
import { sha256 } from '../files/sha256.ts';
import { buildServingModel, type ServingModelOptions } from '../googlenet/serving-model.ts';
import type { Manifest } from '../registry/manifest.ts';
import { type ModelDescription, publishModel } from '../registry/model-registry.ts';
import { readSnapshotNetwork, type SnapshotChoices } from './caffe/snapshot-network.ts';
import { manifestFromMetadata } from './export-file.ts';
import { inGrayLevels } from './import-input.ts';
import {
  checkedCore,
  checkTemperature,
  classesOf,
  type FileNetwork,
  grayNetwork,
  readNetwork,
  swapClasses,
} from './import-network.ts';
import { type ImportSource, parentOf } from './import-source.ts';
import { required } from './required-flag.ts';

/** What the caller says about an imported model. Whatever is left out comes from the source. */
export interface ImportChoices extends SnapshotChoices {
  readonly id?: string | undefined;
  readonly temperature?: number | undefined;
  readonly storage?: 'float32' | 'float16' | undefined;
  readonly description?: string | undefined;
  readonly metrics?: Readonly<Record<string, number>> | undefined;
}

/** An import before it is published: the model's description, and what its file is built from. */
export interface ImportedModel {
  readonly about: ModelDescription;
  readonly network: ServingModelOptions;
  /** What the source's files say about its input and output, one sentence each. */
  readonly sentences: readonly string[];
}

/**
 * Describes the model to make from a source. Whatever the choices leave open comes from the source's manifest, which is
 * next to the file or in an exported file's metadata.
 *
 * @param command the command that imports it, for the manifest.
 * @throws CommandError `weights_invalid`, `model_invalid`, or `option_invalid`, naming the flag.
 */
export function describeImport(
  { bytes: source, fileName, hint = '', manifest, snapshot }: ImportSource,
  choices: ImportChoices,
  command: string,
): ImportedModel {
  const caffe = snapshot && readSnapshotNetwork(source, fileName ?? 'the file', snapshot, choices);
  if (!caffe && choices.like !== undefined) {
    throw new CommandError('option_invalid', '--like is for a snapshot with a labels.txt; use --classes');
  }
  const read = caffe?.network ?? readNetwork(source, fileName, parentOf(manifest));
  checkedCore(read); // before asking for flags that would be of no use
  const stated = manifest ?? manifestFromMetadata(read.metadata);
  if (stated) rejectContradictions(choices, stated);
  const id = required(choices.id ?? stated?.id, 'id', `the new model’s id${hint}`);
  const resize = required(
    choices.resize ?? stated?.preprocessing.resize ?? caffe?.resize,
    'resize',
    `how the model’s photos are made square${hint}`,
  );
  const ordered = stated ? read : inOrder(read, caffe?.order ?? choices.classes, hint);
  const network = inGrayLevels(ordered, choices, stated !== undefined || caffe !== undefined);
  const { weights, classes, mean } = grayNetwork(network);
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
  return { about, network: { weights, mean, temperature, storage }, sentences: caffe?.sentences ?? [] };
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

/** Puts the network's two classes in our order. They have to be stated, because a wrong guess swaps all verdicts. */
function inOrder(network: FileNetwork, order: ImportChoices['classes'], hint: string): FileNetwork {
  if (classesOf(network) !== 2 && order === undefined) return network;
  const stated = required(
    order,
    'classes',
    `the order of the two classes, NOPE,LIKE or LIKE,NOPE. The file doesn’t say it, and DIGITS sorts labels by name${hint}`,
  );
  return stated === 'LIKE,NOPE' || classesOf(network) !== 2 ? swapClasses(network) : network;
}

/** Prefers the manifest's decimal number if the file's float32 is the same number. */
const asStated = (number: number, stated: unknown) =>
  typeof stated === 'number' && Math.fround(stated) === Math.fround(number) ? stated : number;
