import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import { array, boolean, fraction, int, number, object, type Parsed, string, tryParse } from '../parse.ts';
import { reportError } from '../report-error.ts';

const parseLabeledBio = object({
  /** The label's id. */
  id: string(1),
  /** When the label was stored, in wall-clock time. */
  atMs: number(),
  isLiked: boolean,
  /** The probability of a like by the photos, before the swipe. */
  photos: fraction,
  /** Numbers that stand for the bio's words and parts of words. The text itself is never stored. */
  features: array(int(0), 20_000),
});

/** A bio whose profile the person has swiped, without its text. */
export type StoredBio = Parsed<typeof parseLabeledBio>;

interface WordsSchema extends DBSchema {
  bios: { key: string; value: StoredBio; indexes: { atMs: number } };
  seeds: { key: string; value: number };
}

const NAME = 'words';

/** Where the random number is stored that the features of all bios are made with. */
const SEED = 'features';

/** How many bios are kept: the newest ones. */
export const MAX_BIOS = 500;

const parseSeed = int(0, 2 ** 32 - 1);

/** The labeled bios, in IndexedDB. Only the worker writes and reads them. */
export class LabeledBios {
  #opened: Promise<IDBPDatabase<WordsSchema>> | undefined;

  /** Adds a bio, unless one with its id is stored already, and deletes the oldest ones that are too many. */
  async add(bio: StoredBio): Promise<void> {
    const transaction = (await this.#open()).transaction('bios', 'readwrite');
    const { store } = transaction;
    if (!(await store.getKey(bio.id))) await store.add(parseLabeledBio(bio));
    const tooMany = (await store.count()) - MAX_BIOS;
    const oldest = tooMany > 0 ? await store.index('atMs').getAllKeys(null, tooMany) : [];
    await Promise.all(oldest.map((id) => store.delete(id)));
    await transaction.done;
  }

  /** Changes whether a bio's profile is liked, if the bio is stored. */
  async relabel(id: string, isLiked: boolean): Promise<void> {
    const transaction = (await this.#open()).transaction('bios', 'readwrite');
    const bio = await transaction.store.get(id);
    if (bio) await transaction.store.put({ ...bio, isLiked });
    await transaction.done;
  }

  /** Deletes bios by their ids. */
  async remove(ids: readonly string[]): Promise<void> {
    const transaction = (await this.#open()).transaction('bios', 'readwrite');
    await Promise.all(ids.map((id) => transaction.store.delete(id)));
    await transaction.done;
  }

  /** Deletes everything, with the random number. */
  async clear(): Promise<void> {
    const transaction = (await this.#open()).transaction(['bios', 'seeds'], 'readwrite');
    await Promise.all([transaction.objectStore('bios').clear(), transaction.objectStore('seeds').clear()]);
    await transaction.done;
  }

  /** Returns all bios, oldest first. */
  async all(): Promise<StoredBio[]> {
    const stored = await (await this.#open()).getAllFromIndex('bios', 'atMs');
    const bios = stored.flatMap((bio) => tryParse(parseLabeledBio, bio) ?? []);
    const lost = stored.length - bios.length;
    if (lost > 0) reportError('reading labeled bios', new TypeError(`${lost} bios are invalid`));
    return bios;
  }

  /** Returns the random number that features are made with. It is made when it is first needed. */
  async seed(): Promise<number> {
    const transaction = (await this.#open()).transaction('seeds', 'readwrite');
    const stored = tryParse(parseSeed, await transaction.store.get(SEED));
    const seed = stored ?? crypto.getRandomValues(new Uint32Array(1))[0]!;
    if (stored === undefined) await transaction.store.put(seed, SEED);
    await transaction.done;
    return seed;
  }

  #open(): Promise<IDBPDatabase<WordsSchema>> {
    this.#opened ??= openDB<WordsSchema>(NAME, 1, {
      upgrade(database) {
        database.createObjectStore('bios', { keyPath: 'id' }).createIndex('atMs', 'atMs');
        database.createObjectStore('seeds');
      },
      terminated: () => {
        this.#opened = undefined;
      },
    });
    this.#opened.catch(() => {
      this.#opened = undefined; // so that the next call tries again
    });
    return this.#opened;
  }
}
