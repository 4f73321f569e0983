import { likesOf } from '@swipenet/shared/confidence.ts';
import { OUTPUTS, type OutputName, valuesPerPhoto } from '../../oip/tensors.ts';
import type { PhotoInference } from '../engine.ts';
import { ReplicaFault } from './replica-fault.ts';

/** What is asked of a replica's model, and what is made of it. */
export interface Reading {
  /** The outputs that it must have. No others are asked for. */
  readonly outputs: readonly OutputName[];
  /**
   * Makes one result per photo.
   *
   * @param output returns an output of all photos, `[N, …]`: finite numbers.
   * @throws ReplicaFault `replica_answer_invalid` if the numbers can't be right.
   */
  read(output: (name: OutputName) => Float32Array, photos: number): PhotoInference[];
  /** The numbers of a result that must agree with this machine's. */
  numbers(result: PhotoInference): number[];
}

const ROUNDING = 1e-3;

/** Reads a model that scores photos: what verdicts and heat maps need. */
export const VERDICTS: Reading = {
  outputs: ['confidence', 'evidence'],
  read: (output) => {
    const [confidence, evidence] = [output('confidence'), output('evidence')];
    const size = valuesPerPhoto(OUTPUTS.evidence);
    return Array.from(likesOf(confidence), (like, index) => {
      const nope = confidence[2 * index]!;
      if (like < 0 || like > 1 || nope < 0 || Math.abs(like + nope - 1) > ROUNDING) {
        const message = `its confidences of photo ${index} don’t add up to 1`;
        throw new ReplicaFault('replica_answer_invalid', message);
      }
      const features = new Float16Array();
      return { like, evidence: evidence.slice(index * size, (index + 1) * size), features };
    });
  },
  numbers: ({ like, evidence }) => [like, ...evidence],
};

/**
 * Reads a network to learn heads on. Its photos are neither LIKE nor NOPE.
 *
 * @param unread features that don't matter: those of a head's spare filters.
 */
export const featuresBut = (unread: readonly number[] = []): Reading => ({
  outputs: ['features'],
  read: (output, photos) => {
    const features = output('features');
    const size = valuesPerPhoto(OUTPUTS.features);
    return Array.from({ length: photos }, (_, index) => ({
      ...{ like: 0, evidence: new Float32Array() },
      features: features.slice(index * size, (index + 1) * size),
    }));
  },
  numbers: ({ features }) => Array.from(features).filter((_, at) => !unread.includes(at)),
});
