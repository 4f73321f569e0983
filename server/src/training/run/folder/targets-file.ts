import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LABELS } from '@swipenet/shared/confidence.ts';
import { systemCodeOf } from '@swipenet/shared/contract/errors.ts';
import * as z from 'zod';
import { CommandError } from '../../../command-error.ts';
import { sha256 } from '../../../files/sha256.ts';
import { writeWhole } from '../../../files/write-whole.ts';
import type { DatasetPhoto } from '../../dataset/dataset-format.ts';
import { RUN_FILES } from './run-files.ts';

/** One line of a run's `targets.jsonl`: what a training photo teaches, if labels are of whole profiles. */
const targetLineSchema = z.strictObject({
  /** The photo's ID in the dataset. */
  id: z.string(),
  /** The photo's weight as a NOPE. */
  NOPE: z.number().min(0),
  /** The photo's weight as a LIKE. */
  LIKE: z.number().min(0),
});

/**
 * Returns the contents of a run's `targets.jsonl`.
 *
 * @param photos the training photos.
 * @param targets `[photos, 2]`, in the order of `LABELS`.
 */
export function encodeTargets(photos: readonly Pick<DatasetPhoto, 'id'>[], targets: Float32Array): Uint8Array {
  const lines = photos.map(({ id }, photo) => {
    const weights = LABELS.map((label, column) => [label, targets[LABELS.length * photo + column]!] as const);
    return `${JSON.stringify({ id, ...Object.fromEntries(weights) })}\n`;
  });
  return new TextEncoder().encode(lines.join(''));
}

/** Writes the contents of `targets.jsonl` to a run's folder. Throws CommandError `run_unwritable`. */
export async function writeTargets(folder: string, contents: Uint8Array): Promise<void> {
  const path = join(folder, RUN_FILES.targets);
  await writeWhole(path, [contents]).catch((cause) => {
    throw new CommandError('run_unwritable', `can’t write ${path} (${systemCodeOf(cause)})`, { cause });
  });
}

/**
 * Reads the targets that a run started with.
 *
 * @param hash the SHA-256 of the file, in hex, from the run's configuration.
 * @returns `[photos, 2]`, bit for bit as they were encoded.
 * @throws CommandError `run_missing` if the file is missing, `run_invalid` if it was changed.
 */
export async function readTargets(folder: string, hash: string): Promise<Float32Array> {
  const path = join(folder, RUN_FILES.targets);
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new CommandError('run_missing', `${path} doesn’t exist or can’t be read`, { cause });
  });
  if (sha256(bytes) !== hash) throw new CommandError('run_invalid', `${path} was changed after it was written`);
  const lines = bytes.toString().trimEnd().split('\n');
  return Float32Array.from(
    lines.flatMap((line) => {
      const weights = targetLineSchema.parse(JSON.parse(line));
      return LABELS.map((label) => weights[label]);
    }),
  );
}
