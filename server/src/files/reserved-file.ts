import { open } from 'node:fs/promises';
import { renameDurably, writeWhole } from './write-whole.ts';

/** A block of most disks. */
const BYTES = 4096;

/**
 * Room on the disk for a small file of text that must also be written once the disk is full, such as how something ended.
 * It holds spaces until then, and the text is written over them. A disk that never overwrites in place, such as one with
 * Btrfs, can still refuse it.
 */
export class ReservedFile {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  /** Takes the room. Throws Error with the system's code. */
  static async create(path: string): Promise<ReservedFile> {
    await writeWhole(path, ' '.repeat(BYTES));
    return new ReservedFile(path);
  }

  /**
   * Writes the text, followed by spaces, and moves the file to another path on the same disk, atomically and durably. Once
   * only.
   *
   * @throws RangeError if the text is too long; Error with the system's code.
   */
  async become(path: string, text: string): Promise<void> {
    const bytes = Buffer.alloc(BYTES, ' ');
    if (Buffer.byteLength(text) > BYTES) throw new RangeError(`more than ${BYTES} bytes don’t fit`);
    bytes.write(text);
    const file = await open(this.#path, 'r+');
    try {
      for (let written = 0; written < BYTES; ) {
        written += (await file.write(bytes, written, BYTES - written, written)).bytesWritten;
      }
      await file.sync();
    } finally {
      await file.close();
    }
    await renameDurably(this.#path, path);
  }
}
