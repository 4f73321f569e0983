import { readFile } from 'node:fs/promises';
import { systemCodeOf } from '@swipenet/shared/contract/errors.ts';
import * as z from 'zod';
import { CommandError } from '../../command-error.ts';
import { sha256OfPieces } from '../../files/sha256.ts';
import { type Disk, machineDisk, writeWhole } from '../../files/write-whole.ts';
import { readSafetensors, writeSafetensors } from '../../googlenet/safetensors.ts';
import type { Weights } from '../../googlenet/weights.ts';
import { streamPositionSchema } from '../dataset/batches/batch-stream.ts';
import { fromRows, type Rows, type StateLayout, toRows } from '../step/state-layout.ts';

/** How far a run has come: with the parameters, their momenta and the run's configuration all that it goes on from. */
export const progressSchema = z.strictObject({
  /** Steps behind. The schedule and the dropout masks are functions of it and of the run's seed. */
  step: z.int().min(0),
  /** Where the next batch is. The order of the photos, their crops and mirrors are functions of it and of the seed. */
  position: streamPositionSchema,
  /** Sums over the steps of the epoch that runs: main loss and share of right answers. */
  epochSoFar: z.strictObject({ steps: z.int().min(0), loss: z.number(), accuracy: z.number() }),
  /** The best validation so far, and when it was; `undefined` before the first. */
  best: z.strictObject({ step: z.int(), loss: z.number() }).optional(),
});

/** See {@link progressSchema}. */
export type Progress = z.infer<typeof progressSchema>;

/** All that a run goes on from. */
export interface Checkpoint {
  readonly progress: Progress;
  readonly parameters: Rows;
  readonly momenta: Rows;
}

/** Momenta stand in the file beside their parameters, under this suffix. */
const MOMENTUM = '.momentum';

const notesSchema = z.object({ swipenet: z.string(), sha256: z.string() });

/**
 * Writes a checkpoint: a safetensors file with the parameters under Caffe's names, which other tools read too. At any
 * moment the old checkpoint or the new one is there, whole.
 *
 * @throws CommandError `run_unwritable`: the disk is full, or the folder cannot be written. The old one is still there.
 */
export async function writeCheckpoint(
  path: string,
  layout: StateLayout,
  { progress, parameters, momenta }: Checkpoint,
  disk: Disk = machineDisk,
): Promise<void> {
  const suffixed = [...fromRows(layout, momenta)].map(([name, tensor]) => [name + MOMENTUM, tensor] as const);
  const tensors: Weights = new Map([...fromRows(layout, parameters), ...suffixed]);
  const notes = { swipenet: JSON.stringify(progress), sha256: hashOf(tensors) };
  try {
    await writeWhole(path, writeSafetensors(tensors, notes), { disk });
  } catch (cause) {
    const why = systemCodeOf(cause) === 'ENOSPC' ? 'the disk is full' : `it cannot be written (${systemCodeOf(cause)})`;
    const message = `${path}: ${why}; the checkpoint before it is whole, and --resume goes on from it`;
    throw new CommandError('run_unwritable', message, { cause });
  }
}

/**
 * Reads a checkpoint back.
 *
 * @throws CommandError `run_missing` where there is none, `run_invalid` where it is not what was written.
 */
export async function readCheckpoint(path: string, layout: StateLayout): Promise<Checkpoint> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new CommandError('run_missing', `${path} does not exist or cannot be read`, { cause });
  });
  try {
    const { tensors, metadata } = readSafetensors(bytes);
    const { swipenet, sha256 } = notesSchema.parse(metadata);
    if (hashOf(tensors) !== sha256) throw new Error('its numbers are not those that were written');
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
    const why = cause instanceof z.ZodError ? 'it is no checkpoint' : (cause as Error).message;
    throw new CommandError('run_invalid', `${path}: ${why}`, { cause });
  }
}

function hashOf(tensors: Weights): string {
  const numbers = [...tensors.values()].map(({ data }) => data);
  return sha256OfPieces(numbers.map((data) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength)));
}
