import { existsSync } from 'node:fs';
import { access, constants } from 'node:fs/promises';
import { dirname } from 'node:path';
import { systemCodeOf } from '@swipenet/shared/contract/errors.ts';
import { CommandError } from '../command-error.ts';
import { precisionOf } from '../registry/choose-precision.ts';
import type { Manifest } from '../registry/manifest.ts';
import { refuseTakenId } from '../registry/model-registry.ts';

/**
 * What would stop `models quantize` at its end is said before minutes of work.
 *
 * @throws CommandError `weights_invalid` for an int8 parent, `model_exists`, `option_invalid`, `output_unusable`.
 */
export async function refuseBefore(given: {
  /** As refuseTakenId takes them. */
  readonly folders: readonly string[];
  readonly name: string;
  readonly report: string | undefined;
  readonly parent: Manifest;
}): Promise<void> {
  const { folders, name, report, parent } = given;
  if (precisionOf(parent) === 'int8') {
    const message = `${parent.id} is an int8 model, whose weights are rounded: quantize ${parent.quantization?.parent ?? 'its parent'}`;
    throw new CommandError('weights_invalid', message);
  }
  await refuseTakenId(folders, name, '--name');
  if (report === undefined) return;
  if (existsSync(report)) {
    throw new CommandError('output_unusable', `${report} is there already and stays as it is`);
  }
  await access(dirname(report), constants.W_OK).catch((cause: unknown) => {
    throw new CommandError('output_unusable', `${report} cannot be written (${systemCodeOf(cause)})`, { cause });
  });
}
