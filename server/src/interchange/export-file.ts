import { systemCodeOf } from '@swipenet/shared/contract/errors.ts';
import { CommandError } from '../command-error.ts';
import { type Content, writeWhole } from '../files/write-whole.ts';
import type { Manifest } from '../registry/manifest.ts';
import { parseManifest } from '../registry/model-folder.ts';

/** The metadata key under which an exported file carries its model's manifest as JSON. */
export const MANIFEST_KEY = 'swipenet.manifest';

/**
 * Reads the manifest from a file's metadata, if it has one.
 *
 * @throws CommandError `model_invalid`.
 */
export function manifestFromMetadata(metadata: Readonly<Record<string, unknown>>): Manifest | undefined {
  const text = metadata[MANIFEST_KEY];
  return typeof text === 'string' ? parseManifest('the file', text) : undefined;
}

/**
 * Creates a file. Never replaces one.
 *
 * @throws CommandError `output_unusable`.
 */
export async function writeNewFile(path: string, content: Content): Promise<void> {
  await writeWhole(path, content, { exclusive: true }).catch((cause: unknown) => {
    const taken = systemCodeOf(cause) === 'EEXIST';
    const why = taken ? 'already exists; nothing was overwritten' : `can’t be written (${systemCodeOf(cause)})`;
    throw new CommandError('output_unusable', `${path} ${why}`, { cause });
  });
}
