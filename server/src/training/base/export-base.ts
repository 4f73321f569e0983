import { CommandError } from '../../command-error.ts';
import { writeWhole } from '../../files/write-whole.ts';
import { writeSafetensors } from '../../googlenet/safetensors.ts';
import type { Weights } from '../../googlenet/weights.ts';
import { fromRows } from '../step/state-layout.ts';
import { readBaseCheckpoint, readBaseRun } from './base-checkpoint.ts';
import { planStudent } from './distillation-graph.ts';
import { readColorNetwork } from './teacher.ts';

/** What to export from a run. */
export interface ExportBaseOptions {
  readonly folder: string;
  /** The file to write. */
  readonly file: string;
  /** The share of the student in the result. The rest is the gray network that it started as. */
  readonly blend: number;
  /** Takes the moving average of the student's parameters instead of the last ones. */
  readonly average: boolean;
}

/**
 * Writes a run's student as a safetensors file, with its mean and the start's two-class classifier.
 *
 * @returns the step that it was taken after.
 * @throws CommandError `run_missing`, `run_invalid`, and what reading the color network throws.
 */
export async function exportBase({ folder, file, blend, average }: ExportBaseOptions): Promise<number> {
  const { cropSize, init } = await readBaseRun(folder);
  const { layout } = planStudent({ cropSize, width: 1 });
  const checkpoint = await readBaseCheckpoint(folder, layout);
  if (!checkpoint) throw new CommandError('run_missing', `${folder} doesn’t have a checkpoint yet`);
  const { gray, mean } = await readColorNetwork(init);
  const student = fromRows(layout, average ? checkpoint.average : checkpoint.state.parameters);
  const tensors = new Map([...blended(student, gray, blend), ['mean', { shape: [1], data: Float32Array.of(mean) }]]);
  await writeWhole(file, writeSafetensors(tensors, { step: String(checkpoint.step) }));
  return checkpoint.step;
}

/** Mixes two networks: `share` of the student, the rest of the start. What the student lacks is the start's. */
export function blended(student: Weights, start: Weights, share: number): Weights {
  return new Map(
    [...start].map(([name, tensor]) => {
      const learned = student.get(name)?.data;
      const data = learned && tensor.data.map((number, at) => share * learned[at]! + (1 - share) * number);
      return [name, data ? { shape: tensor.shape, data } : tensor] as const;
    }),
  );
}
