import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CommandError } from '../../command-error.ts';
import { diskReason } from '../../files/disk-reason.ts';
import { writeWhole } from '../../files/write-whole.ts';

/** The file of a review with the LIKE confidences that a check of the labels gave, `[photos]`, float32. */
const NAME = 'confidences.f32';

/** Writes what a check gave into a review's folder. Throws CommandError `home_unusable`. */
export async function writeHeldOut(review: string, confidences: Float32Array): Promise<void> {
  const { buffer, byteOffset, byteLength } = confidences;
  try {
    await mkdir(review, { recursive: true, mode: 0o700 });
    await writeWhole(join(review, NAME), new Uint8Array(buffer, byteOffset, byteLength));
  } catch (cause) {
    throw new CommandError('home_unusable', `the result can’t be stored in ${review} (${diskReason(cause)})`, {
      cause,
    });
  }
}

/** Reads what {@link writeHeldOut} wrote. Returns undefined before the first check. */
export async function readHeldOut(review: string): Promise<Float32Array | undefined> {
  const bytes = await readFile(join(review, NAME)).catch(() => undefined);
  return bytes && new Float32Array(new Uint8Array(bytes).buffer);
}
