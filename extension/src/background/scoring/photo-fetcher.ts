import { type Priority, SCORE_LIMITS } from '@swipenet/shared/contract/score.ts';
import pLimit from 'p-limit';
import type { ApiWorld } from '../server/api-client.ts';
import { mayFetch } from './photo-address.ts';

/**
 * Photos downloaded side by side: `now`, as many as a browser itself allows one host; `ahead`, few, and beside them, so that
 * what is needed later never stands before what is needed now.
 */
const CONCURRENCY = { now: 6, ahead: 2 } as const satisfies Record<Priority, number>;

const TIMEOUT_MS = 10_000;

/** Whose photos they are, and when they are needed. */
export interface PhotoSource {
  /** The origin of the page that asks. */
  readonly pageOrigin: string;
  readonly priority: Priority;
}

/**
 * Fetches the bytes of photos that a page shows; undefined for each that does not come in time, is too large, or is no
 * success. Their URLs may be secrets (signed for one person), so they appear in no error and no log.
 *
 * Like the page's own `<img>`: no other method, no headers. Without cookies, since photo hosts need none. A worker's
 * request carries no page's address as its referrer, which is no more than what any page's referrer rules allow.
 */
export class PhotoFetcher {
  readonly #world: ApiWorld;
  readonly #limits = { now: pLimit(CONCURRENCY.now), ahead: pLimit(CONCURRENCY.ahead) };

  constructor(world: ApiWorld) {
    this.#world = world;
  }

  /** The bytes of each photo, in order; once the signal has aborted no further one is asked for. */
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
        cache: 'no-store', // neither a photo nor its address reaches the disk
        referrerPolicy: 'no-referrer',
        priority: priority === 'now' ? 'auto' : 'low', // where both wait for one of the host's connections
        signal: signal ? AbortSignal.any([deadline, signal]) : deadline,
      });
      if (response.redirected && !mayFetch(response.url, pageOrigin)) return undefined;
      return response.ok && response.body ? await readBounded(response.body) : undefined;
    } catch {
      return undefined;
    }
  }
}

/** Reads a body up to the server's own bound, and no byte further: a page may name anything as a photo. */
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
