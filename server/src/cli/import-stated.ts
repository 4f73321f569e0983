import { CommandError } from '../command-error.ts';
import { manifestOfNotes } from '../interchange/export-file.ts';
import type { ParentOf } from '../interchange/recognize-graph.ts';
import type { Manifest } from '../registry/manifest.ts';
import type { ImportFlags } from './import-flags.ts';

/**
 * Refuses flags that say something else than the source’s manifest: its figures are of the model as that describes it.
 *
 * @throws CommandError `option_invalid`, naming the flag.
 */
export function refuseContradiction({ classes, resize }: ImportFlags, stated: Manifest): void {
  const refuse = (flag: string, what: string) =>
    new CommandError('option_invalid', `--${flag}: the file says itself ${what}`);
  const { resize: statedResize } = stated.preprocessing;
  if (resize !== undefined && resize !== statedResize) {
    throw refuse('resize', `how its photos became squares: ${statedResize}`);
  }
  if (classes !== undefined && typeof stated.classes !== 'number' && classes !== stated.classes.join()) {
    throw refuse('classes', `in which order its classes are: ${stated.classes.join()}`);
  }
}

/** What an int8 model was made of: by the manifest beside its file, else by the one among its notes. */
export const parentStated =
  (beside: Manifest | undefined): ParentOf =>
  (notes) =>
    (beside ?? manifestOfNotes(notes))?.quantization?.parent;
