import { randomUUID } from 'node:crypto';
import { link, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { systemCodeOf } from '@swipenet/shared/contract/errors.ts';
import { CommandError } from '../command-error.ts';
import type { Manifest } from '../registry/manifest.ts';
import { parseManifest } from '../registry/model-folder.ts';

/** Under this name a model's manifest, as JSON, stands among the notes of a single file. */
export const MANIFEST_NOTE = 'swipenet.manifest';

/** The manifest among a file's notes; `undefined` where it has none. Throws CommandError `model_invalid`. */
export function manifestOfNotes(notes: Readonly<Record<string, unknown>>): Manifest | undefined {
  const text = notes[MANIFEST_NOTE];
  return typeof text === 'string' ? parseManifest('the file', text) : undefined;
}

/** Writes a file that was not there, whole or not at all. Throws CommandError `output_unusable`. */
export async function writeNewFile(path: string, parts: Iterable<Uint8Array>): Promise<void> {
  const draft = join(dirname(path), `.${basename(path)}.${randomUUID()}`);
  try {
    await writeFile(draft, parts, { flag: 'wx' });
    await link(draft, path); // unlike rename it takes nothing's place
  } catch (cause) {
    const taken = systemCodeOf(cause) === 'EEXIST';
    const why = taken ? 'is there already and stays as it is' : `cannot be written (${systemCodeOf(cause)})`;
    throw new CommandError('output_unusable', `${path} ${why}`, { cause });
  } finally {
    await rm(draft, { force: true }).catch(() => {}); // the reason why it failed is what counts
  }
}
