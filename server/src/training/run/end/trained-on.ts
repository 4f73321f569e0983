import { trainedOnText } from '../../../registry/trained-on.ts';
import type { Dataset } from '../../dataset/dataset.ts';

/** Returns the record of the photos that a model is trained on, for its folder. */
export function trainingRecord(dataset: Pick<Dataset, 'id' | 'photos'>): string {
  const photos = dataset.photos.flatMap(({ part, id }) => (part === 'training' ? [id] : []));
  return trainedOnText({ dataset: dataset.id, photos: new Set(photos) });
}
