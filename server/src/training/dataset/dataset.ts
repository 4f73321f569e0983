import { constants } from 'node:fs';
import { type FileHandle, open, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
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

/** A data set that is open for reading. Its pixels stay on disk. */
export interface Dataset extends AsyncDisposable {
  /** As it was named when it was opened. */
  readonly folder: string;
  /** SHA-256 of its head, in hex, and so of everything in it: two data sets with one id are the same. */
  readonly id: string;
  readonly head: DatasetHead;
  readonly photos: readonly DatasetPhoto[];
  /** The mean of the training part, `[256, 256]` gray levels in rows. */
  readonly mean: Float32Array;
  /** The numbers of a part's photos, ascending. */
  numbersOf(part: Part): number[];
  /** Reads photo `number`'s gray levels, `[256, 256]`, into 65,536 bytes. Calls may overlap. */
  readPhoto(number: number, into: Uint8Array): Promise<void>;
}

/**
 * Opens the data set in a folder: head and index against their schemas and hashes, every shard against its size.
 *
 * @throws CommandError `dataset_missing`, `dataset_invalid`, naming the file.
 */
export async function openDataset(folder: string): Promise<Dataset> {
  const headBytes = await readFile(join(folder, DATASET_FILES.head)).catch((cause: unknown) => {
    const why = systemCodeOf(cause) === 'ENOENT' ? 'it has no dataset.json' : `its dataset.json cannot be read`;
    throw new CommandError('dataset_missing', `${folder} is no data set: ${why}`, { cause });
  });
  const head = parse(datasetHeadSchema, headBytes.toString(), `${folder}: ${DATASET_FILES.head}`);
  const photosText = (await readChecked(folder, DATASET_FILES.photos, head)).toString();
  const photos = photosText
    .split('\n')
    .filter((line) => line !== '')
    .map((line, index) => parse(datasetPhotoSchema, line, `${folder}: ${DATASET_FILES.photos} line ${index + 1}`));
  if (photos.length !== head.photos) invalid(`${folder}: ${photos.length} photos in the index, ${head.photos} in head`);
  const mean = floatsOf(await readChecked(folder, DATASET_FILES.mean, head));
  if (mean.length !== PHOTO_BYTES) invalid(`${folder}: ${DATASET_FILES.mean} is not 256 × 256 floats`);
  const shards = await openShards(folder, head);
  return {
    folder,
    id: sha256(headBytes),
    head,
    photos,
    mean,
    numbersOf: (part) => photos.flatMap((photo, number) => (photo.part === part ? [number] : [])),
    async readPhoto(number, into) {
      const shard = shards[Math.floor(number / head.photosPerShard)];
      if (!shard || number >= head.photos) throw new RangeError(`there is no photo ${number} of ${head.photos}`);
      const begin = (number % head.photosPerShard) * PHOTO_BYTES;
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

async function openShards(folder: string, head: DatasetHead): Promise<FileHandle[]> {
  const shards: FileHandle[] = [];
  try {
    for (let first = 0; first < head.photos; first += head.photosPerShard) {
      const name = shardName(shards.length);
      const expected = Math.min(head.photosPerShard, head.photos - first) * PHOTO_BYTES;
      const { size } = await stat(join(folder, name)).catch(() => invalid(`${folder}: ${name} is missing`));
      if (size !== expected) invalid(`${folder}: ${name} has ${size} bytes, it should have ${expected}`);
      shards.push(await open(join(folder, name), constants.O_RDONLY));
    }
    return shards;
  } catch (error) {
    await Promise.all(shards.map((shard) => shard.close()));
    throw error;
  }
}

async function readChecked(folder: string, name: string, head: DatasetHead): Promise<Buffer> {
  const bytes = await readFile(join(folder, name)).catch(() => invalid(`${folder}: ${name} is missing`));
  if (sha256(bytes) !== head.sha256[name]) invalid(`${folder}: ${name} is not what dataset.json says it is`);
  return bytes;
}

function parse<Schema extends z.ZodType>(schema: Schema, text: string, what: string): z.output<Schema> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    invalid(`${what} is not JSON`);
  }
  const parsed = schema.safeParse(json);
  return parsed.success ? parsed.data : invalid(`${what}: ${z.prettifyError(parsed.error).replaceAll('\n', ' ')}`);
}

function invalid(message: string): never {
  throw new CommandError('dataset_invalid', message);
}

/** Little-endian float32, which every platform Node runs on is. */
const floatsOf = (bytes: Buffer) => new Float32Array(new Uint8Array(bytes).buffer);
