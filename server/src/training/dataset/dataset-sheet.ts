import { seededRandom, shuffled } from '@swipenet/shared/random.ts';
import { contactSheet } from '../../image/drawings/contact-sheet.ts';
import { grayLevels } from '../../image/photo-bytes.ts';
import { openDataset } from './dataset.ts';

/** The number of photos of each label on a sheet. */
const PER_LABEL = 40;

/**
 * Draws a contact sheet of the dataset in a folder, as PNG: a random sample of each label, chosen with the dataset's
 * own random seed, and the mean image. It shows at a glance what a label's photos have in common but shouldn't, such as
 * a border, a watermark or a size. The network would notice that, too.
 *
 * @throws the errors of {@link openDataset}.
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
  return await contactSheet([...sections, { heading: 'mean of the training set', photos: [mean] }]);
}
