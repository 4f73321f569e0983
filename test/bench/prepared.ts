import { gzipSync } from 'node:zlib';
import { decodePhoto } from '@swipenet/server/image/decoding/decode.ts';
import { encodedPhoto } from '@swipenet/server/image/photo-bytes.ts';
import { RESIZE_MODES } from '@swipenet/shared/photo.ts';
import { PreparingPage } from '../support/preparing-page.ts';
import { quantile } from './measure.ts';
import { browsers, type OpenBrowser } from './prepared/browsers.ts';
import { compare, type GrayScorer, openGrayScorer } from './prepared/compare.ts';
import { type DatingPhoto, datingPhotos } from './prepared/dating-photos.ts';
import type { Figure } from './report.ts';
import { benchPhotos } from './serving/photos.ts';

/** How many different pictures the photos are made from. */
const PICTURES = 160;

/**
 * Measures how well photos that a browser prepares agree with the server's own preparation, in Chromium and Firefox, and
 * how many bytes they have.
 */
export async function preparedBench(count: number): Promise<Figure[]> {
  const photos = await datingPhotos(count, Math.min(count, PICTURES));
  const scorer = await openGrayScorer();
  try {
    const figures: Figure[] = [];
    for (const [name, open] of Object.entries(browsers()))
      figures.push(...(await figuresOf(name, open, photos, scorer)));
    return [...figures, ...(await byteFigures(photos))];
  } finally {
    await scorer.close();
  }
}

async function figuresOf(
  browser: string,
  open: OpenBrowser,
  photos: readonly DatingPhoto[],
  scorer: GrayScorer,
): Promise<Figure[]> {
  const page = await PreparingPage.start(photos.map(({ bytes }) => bytes));
  const close = await open(page.url);
  const prepared = await page.prepared;
  await close();
  page.close();
  const figures: Figure[] = [];
  for (const mode of RESIZE_MODES) {
    const figure = (key: string, name: string, value: number, unit = '') =>
      figures.push({ key: `${browser}.${mode}.${key}`, name: `${browser}, ${mode}: ${name}`, value, unit });
    const made = photos.flatMap(({ bytes }, at) => {
      const { levels } = prepared[at]![mode];
      return levels ? [{ bytes, levels }] : [];
    });
    const agreement = await compare(made, mode, scorer);
    figure('photos', 'photos prepared', agreement.photos);
    figure('sameVerdicts', 'same verdict', (100 * agreement.sameVerdicts) / agreement.photos, '%');
    figure('meanDifference', 'mean difference of confidences', 1000 * agreement.meanDifference, '/1000');
    figure('largestDifference', 'largest', 1000 * agreement.largestDifference, '/1000');
    figure('meanLevels', 'mean difference of gray levels', agreement.meanLevels, 'of 255');
    const tinder = photos.flatMap(({ width, height }, at) =>
      width === 640 && height === 800 ? [prepared[at]![mode].ms] : [],
    );
    figure('medianMs', 'photo of 640 × 800, median', quantile(tinder, 0.5), 'ms');
  }
  return figures;
}

/** The bytes of a photo as it is saved, and of its compressed gray levels; raw ones have 65,536. */
async function byteFigures(photos: readonly DatingPhoto[]): Promise<Figure[]> {
  const tinder = photos.filter(({ width, height }) => width === 640 && height === 800);
  const bench = (await benchPhotos()).map((bytes) => ({ bytes }));
  const kinds = {
    'WebP, 640 × 800': tinder.filter(({ format }) => format === 'webp'),
    'JPEG, 640 × 800': tinder.filter(({ format }) => format === 'jpeg'),
    'JPEG of bench serve, 800 × 1000': bench,
  };
  const figures = Object.entries(kinds).map(async ([name, files]) => {
    const mean = (sizes: readonly number[]) => sizes.reduce((sum, size) => sum + size, 0) / sizes.length / 1000;
    const compressed = await Promise.all(
      files.map(async ({ bytes }) => gzipSync(await decodePhoto(encodedPhoto(bytes), 'cover')).length),
    );
    return [
      {
        key: `${name}.bytes`,
        name: `${name}: as saved`,
        value: mean(files.map(({ bytes }) => bytes.length)),
        unit: 'kB',
      },
      { key: `${name}.gzip`, name: `${name}: gray, gzip`, value: mean(compressed), unit: 'kB' },
    ];
  });
  return (await Promise.all(figures)).flat();
}
