import { constants } from 'node:fs';
import { type FileHandle, open, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { systemCodeOf } from '@swipenet/shared/contract/errors.ts';
import * as z from 'zod';
import { CommandError } from '../../command-error.ts';
import { sha256 } from '../../files/sha256.ts';
import {
  DATASET_FILES,
  type DatasetHead,
  type DatasetPhoto,
  datasetHeadSchema,
  datasetPhotoSchema,
  type Part,
  PHOTO_BYTES,
  shardName,
} from './dataset-format.ts';

/** How many lines of the index are parsed in a row. */
const LINES_AT_ONCE = 2_000;

/** An open dataset. Its pixels stay on disk. */
export interface Dataset extends AsyncDisposable {
  /** The folder, as it was passed to {@link openDataset}. */
  readonly folder: string;
  /** The SHA-256 of `dataset.json`, in hex. It covers all files, so datasets with the same ID are identical. */
  readonly id: string;
  readonly head: DatasetHead;
  readonly photos: readonly DatasetPhoto[];
  /** The mean of the training set, `[256, 256]` gray levels. */
  readonly mean: Float32Array;
  /** Returns the numbers of a split's photos, in ascending order. */
  numbersOf(part: Part): number[];
  /** Reads photo `number`'s gray levels, `[256, 256]`, into 65,536 bytes. Calls may overlap. */
  readPhoto(number: number, into: Uint8Array): Promise<void>;
}

/**
 * Opens the dataset in a folder. Checks `dataset.json` and the index against their schemas and hashes, and the shards
 * against their sizes.
 *
 * @throws CommandError `dataset_missing`, `dataset_invalid`, naming the file.
 */
export async function openDataset(folder: string): Promise<Dataset> {
  const { id, head } = await readDatasetHead(folder);
  const photosText = (await readChecked(folder, DATASET_FILES.photos, head)).toString();
  const photos: DatasetPhoto[] = [];
  for (const [index, line] of photosText.split('\n').entries()) {
    if (index % LINES_AT_ONCE === 0) await setImmediate(); // a server that opens a large dataset stays responsive
    if (line === '') continue;
    photos.push(parse(datasetPhotoSchema, line, `${folder}: ${DATASET_FILES.photos} line ${index + 1}`));
  }
  if (photos.length !== head.photos) {
    invalid(`${folder}: ${DATASET_FILES.photos} has ${photos.length} photos, expected ${head.photos}`);
  }
  const mean = floatsOf(await readChecked(folder, DATASET_FILES.mean, head));
  if (mean.length !== PHOTO_BYTES) invalid(`${folder}: ${DATASET_FILES.mean} is not 256 × 256 floats`);
  const places = placesOf(head);
  if (places.length !== head.photos) invalid(`${folder}: ${DATASET_FILES.head} drops a place that no photo has`);
  const shards = await openShards(folder, head);
  return {
    folder,
    id,
    head,
    photos,
    mean,
    numbersOf: (part) => photos.flatMap((photo, number) => (photo.part === part ? [number] : [])),
    async readPhoto(number, into) {
      const place = places[number];
      if (place === undefined) throw new RangeError(`no photo ${number} in a dataset of ${head.photos}`);
      const shard = shards[Math.floor(place / head.photosPerShard)]!;
      const begin = (place % head.photosPerShard) * PHOTO_BYTES;
      for (let read = 0; read < PHOTO_BYTES; ) {
        const { bytesRead } = await shard.read(into, read, PHOTO_BYTES - read, begin + read);
        if (bytesRead === 0) invalid(`${folder}: photo ${number} is cut off`);
        read += bytesRead;
      }
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(shards.map((shard) => shard.close()));
    },
  };
}

/**
 * Reads what a dataset is, without opening it: its ID and its `dataset.json`.
 *
 * @throws CommandError `dataset_missing`, `dataset_invalid`.
 */
export async function readDatasetHead(folder: string): Promise<Pick<Dataset, 'id' | 'head'>> {
  const bytes = await readFile(join(folder, DATASET_FILES.head)).catch((cause: unknown) => {
    const why = systemCodeOf(cause) === 'ENOENT' ? 'it has no dataset.json' : 'its dataset.json can’t be read';
    throw new CommandError('dataset_missing', `${folder} is not a dataset: ${why}`, { cause });
  });
  const head = parse(datasetHeadSchema, bytes.toString(), `${folder}: ${DATASET_FILES.head}`);
  return { id: sha256(bytes), head };
}

/** Returns the number of photos in a dataset's shards, with those that were dropped. */
export const placeCount = ({ photos, droppedPlaces }: DatasetHead): number => photos + (droppedPlaces?.length ?? 0);

/** Returns each photo's place in the shards, ascending. */
export function placesOf(head: DatasetHead): Uint32Array {
  const dropped = new Set(head.droppedPlaces);
  const all = Array.from({ length: placeCount(head) }, (_, place) => place);
  return Uint32Array.from(all.filter((place) => !dropped.has(place)));
}

async function openShards(folder: string, head: DatasetHead): Promise<FileHandle[]> {
  const shards: FileHandle[] = [];
  const count = placeCount(head);
  try {
    for (let first = 0; first < count; first += head.photosPerShard) {
      const name = shardName(shards.length);
      const expected = Math.min(head.photosPerShard, count - first) * PHOTO_BYTES;
      const { size } = await stat(join(folder, name)).catch(() => invalid(`${folder}: ${name} is missing`));
      if (size !== expected) invalid(`${folder}: ${name} has ${size} bytes, expected ${expected}`);
      shards.push(await open(join(folder, name), constants.O_RDONLY));
    }
    return shards;
  } catch (error) {
    await Promise.all(shards.map((shard) => shard.close()));
    throw error;
  }
}

/** Reads a file of a dataset. Throws CommandError `dataset_invalid` if it is missing or doesn’t have its hash. */
export async function readChecked(folder: string, name: string, head: Pick<DatasetHead, 'sha256'>): Promise<Buffer> {
  const bytes = await readFile(join(folder, name)).catch(() => invalid(`${folder}: ${name} is missing`));
  if (sha256(bytes) !== head.sha256[name]) invalid(`${folder}: ${name} doesn’t match its hash in dataset.json`);
  return bytes;
}

function parse<Schema extends z.ZodType>(schema: Schema, text: string, what: string): z.output<Schema> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    invalid(`${what} is not valid JSON`);
  }
  const parsed = schema.safeParse(json);
  return parsed.success ? parsed.data : invalid(`${what}: ${z.prettifyError(parsed.error).replaceAll('\n', ' ')}`);
}

function invalid(message: string): never {
  throw new CommandError('dataset_invalid', message);
}

/** Little-endian float32, which is the byte order of every platform that Node runs on. */
const floatsOf = (bytes: Buffer) => new Float32Array(new Uint8Array(bytes).buffer);
