import type { TrainedOn } from '../../registry/trained-on.ts';
import type { ScoredPhoto } from './evaluate.ts';

/** Which photos of an evaluation the model was trained on. */
export interface KnownPhotos {
  /** How it is known: the hashes of the files are compared with those that the model records. */
  readonly basis: 'file_hashes';
  /** The ID of the dataset that the model was trained on. */
  readonly dataset: string;
  /** The number of photos that it was trained on. */
  readonly trainingPhotos: number;
  /** The paths of the evaluated photos that are among them. */
  readonly paths: readonly string[];
}

/** Finds the photos that a model was trained on, byte for byte. Returns null if the model doesn't record them. */
export function knownPhotos(scored: readonly ScoredPhoto[], trainedOn: TrainedOn | undefined): KnownPhotos | null {
  if (!trainedOn) return null;
  const { dataset, photos } = trainedOn;
  const paths = scored.flatMap(({ id, path }) => (photos.has(id) ? [path] : []));
  return { basis: 'file_hashes', dataset, trainingPhotos: photos.size, paths };
}
