import { CommandError } from '../../command-error.ts';
import type { Weights } from '../../googlenet/weights.ts';
import type { Session, Tensor } from '../../runtime/session.ts';
import { featureNetwork } from '../head/train-head.ts';
import { readPretrained } from '../run/start/pretrained.ts';
import type { CropBatch } from './crop-stream.ts';

/** The color network to imitate, and the gray network made from it that the student starts as. */
export interface ColorNetwork {
  readonly color: Weights;
  /** What it subtracts from blue, green and red. */
  readonly means: readonly number[];
  readonly gray: Weights;
  /** The level that the gray network subtracts. */
  readonly mean: number;
}

/**
 * Reads a color network.
 *
 * @throws CommandError `weights_invalid` if it isn't one; what reading a file of weights throws.
 */
export async function readColorNetwork(file: string): Promise<ColorNetwork> {
  const pretrained = await readPretrained(file);
  const channels = pretrained?.weights.get('conv1/7x7_s2.weight')?.shape[1];
  if (!pretrained || channels !== 3 || typeof pretrained.means !== 'object') {
    throw new CommandError('weights_invalid', `--init: ${file} isn’t a network for color photos`);
  }
  const { weights: gray, mean } = featureNetwork(pretrained, 0);
  return { color: pretrained.weights, means: pretrained.means, gray, mean };
}

/** The teacher's maps, `[N, C, side, side]`. */
export type TeacherMaps = Readonly<Record<'map5b' | 'map5a', Tensor<Float32Array>>>;

/** Runs the teacher on crops. */
export async function teacherMaps(teacher: Session, { count, color }: CropBatch): Promise<TeacherMaps> {
  const side = Math.sqrt(color.length / count / 3);
  const outputs = await teacher.run({ photos: { data: color, shape: [count, 3, side, side] } });
  return { map5b: outputs.map5b!, map5a: outputs.map5a! };
}
