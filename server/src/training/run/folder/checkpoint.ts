import { readFile } from 'node:fs/promises';
import { systemCodeOf } from '@swipenet/shared/contract/errors.ts';
import * as z from 'zod';
import { CommandError } from '../../../command-error.ts';
import { sha256OfPieces } from '../../../files/sha256.ts';
import { type Disk, machineDisk, writeWhole } from '../../../files/write-whole.ts';
import { readSafetensors, writeSafetensors } from '../../../googlenet/safetensors.ts';
import type { Weights } from '../../../googlenet/weights.ts';
import { streamPositionSchema } from '../../dataset/batches/batch-stream.ts';
import { fromRows, type Rows, type StateLayout, toRows } from '../../step/state-layout.ts';

/** A run's progress. Together with the parameters, their momenta and the configuration, it is enough to resume. */
const progressSchema = z.strictObject({
  /** Steps completed. The schedule and the dropout masks depend only on this and the random seed. */
  step: z.int().min(0),
  /** The next batch. The order of the photos and their crops and mirroring depend only on this and the random seed. */
  position: streamPositionSchema,
  /** Sums over the steps of the current epoch: the main classifier's loss and accuracy. */
  epochSoFar: z.strictObject({ steps: z.int().min(0), loss: z.number(), accuracy: z.number() }),
  /** The lowest validation loss so far and its step. Absent before the first validation. */
  best: z.strictObject({ step: z.int(), loss: z.number() }).optional(),
});

export type Progress = z.infer<typeof progressSchema>;

/** Everything that a run needs to resume, apart from its configuration and its dataset. */
export interface Checkpoint {
  readonly progress: Progress;
  readonly parameters: Rows;
  readonly momenta: Rows;
}

/** Suffix of the momenta, which are in the file beside their parameters. */
const MOMENTUM = '.momentum';

const metadataSchema = z.object({ swipenet: z.string(), sha256: z.string() });

/**
 * Writes a checkpoint: a safetensors file with the parameters under Caffe's names, so that other tools can read it. At
 * any moment either the old or the new checkpoint is there, complete.
 *
 * @throws CommandError `run_unwritable` if the disk is full or the folder can't be written. The old checkpoint stays.
 */
export async function writeCheckpoint(
  path: string,
  layout: StateLayout,
  { progress, parameters, momenta }: Checkpoint,
  disk: Disk = machineDisk,
): Promise<void> {
  const suffixed = [...fromRows(layout, momenta)].map(([name, tensor]) => [name + MOMENTUM, tensor] as const);
  const tensors: Weights = new Map([...fromRows(layout, parameters), ...suffixed]);
  const metadata = { swipenet: JSON.stringify(progress), sha256: hashOf(tensors) };
  try {
    await writeWhole(path, writeSafetensors(tensors, metadata), { disk });
  } catch (cause) {
    const why = systemCodeOf(cause) === 'ENOSPC' ? 'the disk is full' : `can’t write it (${systemCodeOf(cause)})`;
    const message = `${path}: ${why}. The previous checkpoint is intact; continue from it with --resume`;
    throw new CommandError('run_unwritable', message, { cause });
  }
}

/**
 * Reads a checkpoint.
 *
 * @throws CommandError `run_missing` if there is none, `run_invalid` if it was damaged or changed.
 */
export async function readCheckpoint(path: string, layout: StateLayout): Promise<Checkpoint> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new CommandError('run_missing', `${path} doesn’t exist or can’t be read`, { cause });
  });
  try {
    const { tensors, metadata } = readSafetensors(bytes);
    const { swipenet, sha256 } = metadataSchema.parse(metadata);
    if (hashOf(tensors) !== sha256) throw new Error('it was changed after it was written');
    const named = (momenta: boolean) =>
      new Map(
        [...tensors]
          .filter(([name]) => name.endsWith(MOMENTUM) === momenta)
          .map(([name, tensor]) => [momenta ? name.slice(0, -MOMENTUM.length) : name, tensor]),
      );
    return {
      progress: progressSchema.parse(JSON.parse(swipenet)),
      parameters: toRows(layout, named(false)),
      momenta: toRows(layout, named(true)),
    };
  } catch (cause) {
    const why = cause instanceof z.ZodError ? 'it isn’t a checkpoint' : (cause as Error).message;
    throw new CommandError('run_invalid', `${path}: ${why}`, { cause });
  }
}

/** Returns the SHA-256 of the tensors' numbers, in hex. */
export function hashOf(tensors: Weights): string {
  const numbers = [...tensors.values()].map(({ data }) => data);
  return sha256OfPieces(numbers.map((data) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength)));
}
