import { systemCodeOf } from '@swipenet/shared/contract/errors.ts';
import { CommandError } from '../command-error.ts';
import { type Content, writeWhole } from '../files/write-whole.ts';
import type { Manifest } from '../registry/manifest.ts';
import { parseManifest } from '../registry/model-folder.ts';

/** Under this name a model's manifest, as JSON, stands among the notes of a single file. */
export const MANIFEST_NOTE = 'swipenet.manifest';

/** The manifest among a file's notes; `undefined` where it has none. Throws CommandError `model_invalid`. */
export function manifestOfNotes(notes: Readonly<Record<string, unknown>>): Manifest | undefined {
  const text = notes[MANIFEST_NOTE];
  return typeof text === 'string' ? parseManifest('the file', text) : undefined;
}

/** Creates a file, and never replaces one. Throws CommandError `output_unusable`. */
export async function writeNewFile(path: string, content: Content): Promise<void> {
  await writeWhole(path, content, { exclusive: true }).catch((cause: unknown) => {
    const taken = systemCodeOf(cause) === 'EEXIST';
    const why = taken ? 'is there already and stays as it is' : `cannot be written (${systemCodeOf(cause)})`;
    throw new CommandError('output_unusable', `${path} ${why}`, { cause });
  });
}
