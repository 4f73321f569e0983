import { type FileHandle, open, readdir, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import type { GrayLevels } from '../../../image/photo-bytes.ts';
import { PHOTO_BYTES, PHOTOS_PER_SHARD, shardName } from '../dataset-format.ts';

/** Writes photos consecutively into a folder's shards. */
export class ShardWriter {
  readonly #folder: string;
  #photos: number;
  #file: FileHandle | undefined;

  private constructor(folder: string, photos: number) {
    this.#folder = folder;
    this.#photos = photos;
  }

  /** Keeps the first `photos` photos, removes the rest, and continues from there. */
  static async open(folder: string, photos: number): Promise<ShardWriter> {
    const last = Math.floor(photos / PHOTOS_PER_SHARD);
    for (const name of await shardsIn(folder)) {
      if (name > shardName(last)) await rm(join(folder, name));
      else if (name === shardName(last)) await truncate(join(folder, name), (photos % PHOTOS_PER_SHARD) * PHOTO_BYTES);
    }
    return new ShardWriter(folder, photos);
  }

  /** Appends a photo. Calls must not overlap. */
  async append(photo: GrayLevels): Promise<void> {
    const within = this.#photos % PHOTOS_PER_SHARD;
    if (within === 0) await this.close();
    this.#file ??= await open(join(this.#folder, shardName(Math.floor(this.#photos / PHOTOS_PER_SHARD))), 'a');
    await this.#file.appendFile(photo);
    this.#photos += 1;
  }

  /** Closes the current shard. */
  async close(): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
  }
}

/** Returns the number of complete photos in a folder's shards, up to the first shard that isn't full. */
export async function photosInShards(folder: string): Promise<number> {
  let photos = 0;
  for (const [shard, name] of (await shardsIn(folder)).entries()) {
    if (name !== shardName(shard)) break;
    const file = await open(join(folder, name));
    const { size } = await file.stat();
    await file.close();
    photos += Math.min(PHOTOS_PER_SHARD, Math.floor(size / PHOTO_BYTES));
    if (photos < (shard + 1) * PHOTOS_PER_SHARD) break;
  }
  return photos;
}

/** Returns the names of a folder's shards, in order. */
async function shardsIn(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => /^shard-\d+\.gray$/.test(name)).toSorted();
}
