import { CommandError } from '../command-error.ts';
import { sha256 } from '../files/sha256.ts';
import { type OpenUrl, openUrl } from './plain-request.ts';

/** A public file that never changes. */
export interface PublicFile {
  readonly url: string;
  readonly bytes: number;
  /** In hex. */
  readonly sha256: string;
}

export interface DownloadOptions {
  /** Sends the request. Tests pass one that needs no network. */
  readonly open?: OpenUrl;
  readonly signal?: AbortSignal;
  /** Called with the number of bytes received so far. */
  readonly onProgress?: (bytes: number) => void;
}

/**
 * Downloads a public file into memory. Stops as soon as there are too many bytes, and rejects a file with the wrong hash.
 *
 * @throws CommandError `fetch_failed`, saying what can't be reached or what arrived instead.
 */
export async function download(file: PublicFile, options: DownloadOptions = {}): Promise<Uint8Array> {
  const { open = openUrl, signal, onProgress } = options;
  const { url, bytes: size } = file;
  const fail = (why: string, cause?: unknown) => new CommandError('fetch_failed', `${url} ${why}`, { cause });
  const { status, encoding, body, cancel } = await open(url, { ...(signal && { signal }) }).catch((cause: unknown) => {
    throw new CommandError('fetch_failed', `can’t reach ${url} (${reasonOf(cause)})`, { cause });
  });
  const refused =
    status === 200
      ? encoding !== undefined && `sent an encoded response (${encoding}), although it was asked for a plain one`
      : `responded with status ${status}`;
  if (refused) {
    cancel();
    throw fail(refused);
  }
  const bytes = new Uint8Array(size);
  let done = 0;
  try {
    for await (const chunk of body) {
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

/** Says why a request failed. If several addresses were tried, the reasons are in several errors. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof AggregateError && error.message === '') return error.errors.map(reasonOf).join(', ');
  return error.cause === undefined ? error.message : reasonOf(error.cause);
}
