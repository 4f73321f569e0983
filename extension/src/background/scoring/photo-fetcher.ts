import { type Priority, SCORE_LIMITS } from '@swipenet/shared/contract/score.ts';
import pLimit from 'p-limit';
import type { ApiWorld } from '../server/api-client.ts';
import { mayFetch } from './photo-address.ts';

/**
 * Maximum concurrent downloads per priority. `now` matches a browser's own limit per host. `ahead` has a small limit of its
 * own, so that photos needed later never delay photos needed now.
 */
const CONCURRENCY = { now: 6, ahead: 2 } as const satisfies Record<Priority, number>;

const TIMEOUT_MS = 10_000;

/** The page that the photos belong to, and when they are needed. */
export interface PhotoSource {
  /** The origin of the page that asks for them. */
  readonly pageOrigin: string;
  readonly priority: Priority;
}

/**
 * Downloads the photos that a page shows. Their URLs can be secret (signed for one person), so they never appear in an error
 * or a log.
 *
 * The requests look like those of the page's own `<img>`: plain GETs without extra headers. They carry no cookies, since
 * photo hosts don't need any, and no referrer, which every referrer policy allows.
 */
export class PhotoFetcher {
  readonly #world: ApiWorld;
  readonly #limits = { now: pLimit(CONCURRENCY.now), ahead: pLimit(CONCURRENCY.ahead) };

  constructor(world: ApiWorld) {
    this.#world = world;
  }

  /**
   * Returns the bytes of each photo, in order. A photo is undefined if its URL is null or not allowed, or if the download
   * fails, is redirected, times out or is too large. Starts no further downloads after the signal aborts.
   */
  fetchAll(
    urls: readonly (string | null)[],
    from: PhotoSource,
    signal?: AbortSignal,
  ): Promise<(Uint8Array<ArrayBuffer> | undefined)[]> {
    const limit = this.#limits[from.priority];
    return Promise.all(
      urls.map((url) => (url === null ? undefined : limit(() => this.#fetchPhoto(url, from, signal)))),
    );
  }

  async #fetchPhoto(
    url: string,
    { pageOrigin, priority }: PhotoSource,
    signal: AbortSignal | undefined,
  ): Promise<Uint8Array<ArrayBuffer> | undefined> {
    if (signal?.aborted || !mayFetch(url, pageOrigin)) return undefined;
    const deadline = this.#world.deadline(TIMEOUT_MS);
    try {
      const response = await this.#world.fetch(url, {
        credentials: 'omit',
        redirect: 'error', // the address was checked, and that of a redirect isn't
        cache: 'no-store', // keeps photos and their URLs off the disk
        referrerPolicy: 'no-referrer',
        priority: priority === 'now' ? 'auto' : 'low', // matters if both wait for a connection to the host
        signal: signal ? AbortSignal.any([deadline, signal]) : deadline,
      });
      return response.ok && response.body ? await readBounded(response.body) : undefined;
    } catch {
      return undefined;
    }
  }
}

/**
 * Reads a body up to the server's size limit. Returns undefined if it is larger, since a page may claim that any URL is a
 * photo.
 */
async function readBounded(body: ReadableStream<Uint8Array>): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = body.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    size += part.value.length;
    if (size > SCORE_LIMITS.maxPhotoBytes) {
      await reader.cancel();
      return undefined;
    }
    chunks.push(part.value);
  }
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}
