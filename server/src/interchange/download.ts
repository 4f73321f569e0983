import { CommandError } from '../command-error.ts';
import { sha256 } from '../files/sha256.ts';

/** A public file that never changes. */
export interface PublicFile {
  readonly url: string;
  readonly bytes: number;
  /** In hex. */
  readonly sha256: string;
}

export interface DownloadOptions {
  readonly fetch: typeof fetch;
  readonly signal?: AbortSignal;
  /** Called with the number of bytes received so far. */
  readonly onProgress?: (bytes: number) => void;
}

/**
 * Downloads a public file into memory. Stops as soon as there are too many bytes, and rejects a file with the wrong hash.
 *
 * @throws CommandError `fetch_failed`, saying what can't be reached or what arrived instead.
 */
export async function download(file: PublicFile, { fetch, signal, onProgress }: DownloadOptions): Promise<Uint8Array> {
  const { url, bytes: size } = file;
  const fail = (why: string, cause?: unknown) => new CommandError('fetch_failed', `${url} ${why}`, { cause });
  const response = await fetch(url, { ...(signal && { signal }) }).catch((cause: unknown) => {
    throw new CommandError('fetch_failed', `can’t reach ${url} (${reasonOf(cause)})`, { cause });
  });
  if (!response.ok || !response.body) {
    await response.body?.cancel();
    throw fail(`responded with status ${response.status}`);
  }
  const bytes = new Uint8Array(size);
  let done = 0;
  try {
    for await (const chunk of response.body as ReadableStream<Uint8Array>) {
      if (done + chunk.length > size) throw fail(`is larger than ${size} bytes, so it is a different file`);
      bytes.set(chunk, done);
      done += chunk.length;
      onProgress?.(done);
    }
  } catch (cause) {
    throw cause instanceof CommandError ? cause : fail(`broke off after ${done} bytes (${reasonOf(cause)})`, cause);
  }
  if (done < size) throw fail(`ended after ${done} of ${size} bytes`);
  const found = sha256(bytes);
  if (found !== file.sha256) throw fail(`has the SHA-256 ${found}, expected ${file.sha256}; it is a different file`);
  return bytes;
}

/** Node's fetch only says `fetch failed`. The reason is in the cause, or in several causes if it tried several addresses. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof AggregateError && error.message === '') return error.errors.map(reasonOf).join(', ');
  return error.cause === undefined ? error.message : reasonOf(error.cause);
}
