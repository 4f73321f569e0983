import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import { IMPORT_LIMITS, type ImportFiles, importFilesSchema } from '@swipenet/shared/contract/studio/imports.ts';

/** A file of a framed body, whole. */
export interface FramedFile {
  readonly file: ImportFiles[number];
  readonly bytes: Uint8Array;
}

/** The bytes of the number at the beginning. */
const LENGTH_BYTES = 4;

/**
 * Parses a body of several files while it arrives: the head's length in 4 bytes, little-endian, the head as JSON, and the
 * files one after the other. Keeps one file at a time.
 *
 * @throws SwipenetError `body_malformed` if the head isn't as the contract says, or the body is shorter or longer than it
 *   says; what `body` throws.
 */
export async function* framedFiles(body: AsyncIterable<Uint8Array>): AsyncGenerator<FramedFile> {
  const reader = new ExactReader(body);
  const length = await reader.read(LENGTH_BYTES);
  const headBytes = new DataView(length.buffer, length.byteOffset).getUint32(0, true);
  if (headBytes > IMPORT_LIMITS.headBytes) throw malformed('its head is too long');
  const head = importFilesSchema.safeParse(parseJson(await reader.read(headBytes)));
  if (!head.success) throw malformed('its head must be a JSON list of 1 to 100 files: label, path and bytes');
  for (const file of head.data) yield { file, bytes: await reader.read(file.bytes) };
  if (!(await reader.isAtEnd())) throw malformed('it is longer than its head says');
}

const malformed = (why: string) => new SwipenetError('body_malformed', `the body can’t be read: ${why}`);

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

/** Reads exact numbers of bytes from chunks. */
class ExactReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array();

  constructor(body: AsyncIterable<Uint8Array>) {
    this.#chunks = body[Symbol.asyncIterator]();
  }

  async read(count: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(count);
    let filled = 0;
    while (filled < count) {
      if (this.#rest.length === 0 && !(await this.#next())) throw malformed('it is shorter than its head says');
      const part = this.#rest.subarray(0, count - filled);
      bytes.set(part, filled);
      filled += part.length;
      this.#rest = this.#rest.subarray(part.length);
    }
    return bytes;
  }

  async isAtEnd(): Promise<boolean> {
    return this.#rest.length === 0 && !(await this.#next());
  }

  /** Gets the next chunk that isn't empty. Returns false at the end. */
  async #next(): Promise<boolean> {
    for (;;) {
      const { done, value } = await this.#chunks.next();
      if (done) return false;
      if (value.length === 0) continue;
      this.#rest = value;
      return true;
    }
  }
}
