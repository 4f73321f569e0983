import { CommandError } from '../command-error.ts';
import { sha256 } from '../files/sha256.ts';

/** A file that is public and never changes. */
export interface PublicFile {
  readonly url: string;
  readonly bytes: number;
  /** In hex. */
  readonly sha256: string;
}

/** What a download touches of the world. */
export interface DownloadOptions {
  readonly fetch: typeof fetch;
  readonly signal?: AbortSignal;
  /** Told how many bytes have come. */
  readonly onProgress?: (bytes: number) => void;
}

/**
 * Fetches a public file into memory. Not one byte more than it should have is taken, and another file than the one that
 * is meant is refused.
 *
 * @throws CommandError `fetch_failed`, saying what was not reachable, or what came instead.
 */
export async function download(file: PublicFile, { fetch, signal, onProgress }: DownloadOptions): Promise<Uint8Array> {
  const { url, bytes: size } = file;
  const fail = (why: string, cause?: unknown) => new CommandError('fetch_failed', `${url} ${why}`, { cause });
  const answer = await fetch(url, { ...(signal && { signal }) }).catch((cause: unknown) => {
    throw fail(`could not be reached (${reasonOf(cause)})`, cause);
  });
  if (!answer.ok || !answer.body) {
    await answer.body?.cancel();
    throw fail(`answered ${answer.status}`);
  }
  const bytes = new Uint8Array(size);
  let done = 0;
  try {
    for await (const chunk of answer.body as ReadableStream<Uint8Array>) {
      if (done + chunk.length > size) throw fail(`is larger than ${size} bytes: it is another file`);
      bytes.set(chunk, done);
      done += chunk.length;
      onProgress?.(done);
    }
  } catch (cause) {
    throw cause instanceof CommandError ? cause : fail(`broke off after ${done} bytes (${reasonOf(cause)})`, cause);
  }
  if (done < size) throw fail(`ended after ${done} of ${size} bytes`);
  const found = sha256(bytes);
  if (found !== file.sha256) throw fail(`has the SHA-256 ${found}, expected ${file.sha256}: it is another file`);
  return bytes;
}

/** Node's fetch says `fetch failed`, and why in the cause (of several addresses in the causes of that). */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof AggregateError && error.message === '') return error.errors.map(reasonOf).join(', ');
  return error.cause === undefined ? error.message : reasonOf(error.cause);
}
