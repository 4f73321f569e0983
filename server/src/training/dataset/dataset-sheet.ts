import { seededRandom, shuffled } from '@swipenet/shared/random.ts';
import { contactSheet } from '../../image/contact-sheet.ts';
import { grayLevels } from '../../image/photo-bytes.ts';
import { openDataset } from './dataset.ts';

/** Photos of each label on a sheet. */
const PER_LABEL = 40;

/**
 * A contact sheet of the data set in a folder, PNG: some photos of each label, drawn by the data set's own seed, and the
 * mean image. What a label has in common that it should not (a border, a watermark, a size) is seen at a glance here, and
 * by the network too.
 *
 * @throws what {@link openDataset} throws.
 */
export async function datasetSheet(folder: string): Promise<Uint8Array> {
  await using dataset = await openDataset(folder);
  const sections = [];
  for (const label of ['LIKE', 'NOPE'] as const) {
    const numbers = dataset.photos.flatMap((photo, number) => (photo.label === label ? [number] : []));
    const some = shuffled(seededRandom(dataset.head.seed), numbers).slice(0, PER_LABEL);
    const photos = some.map(() => grayLevels());
    for (const [index, number] of some.entries()) await dataset.readPhoto(number, photos[index]!);
    sections.push({ heading: `${label}: ${some.length} of ${numbers.length} photos`, photos });
  }
  const mean = grayLevels(Uint8Array.from(dataset.mean, Math.round));
  return await contactSheet([...sections, { heading: 'mean of the training part', photos: [mean] }]);
}
