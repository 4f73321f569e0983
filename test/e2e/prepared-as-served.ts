import { ROUTES } from '@swipenet/shared/contract/routes.ts';
import { statusAnswerSchema } from '@swipenet/shared/contract/status.ts';
import { RESIZE_MODES } from '@swipenet/shared/photo.ts';
import { expect } from 'vitest';
import { compare, openGrayScorer } from '../bench/prepared/compare.ts';
import { datingPhotos } from '../bench/prepared/dating-photos.ts';
import { PreparingPage } from '../support/preparing-page.ts';
import type { RealServer } from '../support/real-server.ts';

/** Enough for each size and format. `npm run bench -- prepared` measures a thousand. */
const PHOTOS = 20;

/** The goal for the mean difference of confidences. */
const MAX_MEAN_DIFFERENCE = 0.005;

/** Has a browser prepare photos with the extension's code, and compares them with what the server makes of them. */
export async function expectPreparedAsServed(open: (url: string) => Promise<unknown>): Promise<void> {
  const photos = await datingPhotos(PHOTOS, 6);
  const page = await PreparingPage.start(photos.map(({ bytes }) => bytes));
  const scorer = await openGrayScorer();
  try {
    await open(page.url);
    const prepared = await page.prepared;
    for (const mode of RESIZE_MODES) {
      expect(prepared.map((photo) => photo[mode].reason)).toEqual(photos.map(() => undefined));
      const made = photos.map(({ bytes }, at) => ({ bytes, levels: prepared[at]![mode].levels! }));
      const { sameVerdicts, meanDifference, meanLevels } = await compare(made, mode, scorer);
      expect({ mode, sameVerdicts }).toEqual({ mode, sameVerdicts: PHOTOS });
      expect(meanDifference).toBeLessThanOrEqual(MAX_MEAN_DIFFERENCE);
      expect(meanLevels).toBeLessThan(1);
    }
  } finally {
    page.close();
    await scorer.close();
  }
}

/** Has a browser prepare one photo, and returns why it doesn't. */
export async function whyNotPrepared(open: (url: string) => Promise<unknown>): Promise<string | undefined> {
  const [photo] = await datingPhotos(1, 1);
  const page = await PreparingPage.start([photo!.bytes]);
  try {
    await open(page.url);
    return (await page.prepared)[0]!.cover.reason;
  } finally {
    page.close();
  }
}

/** How many of the photos that a server has scored came prepared. */
export async function preparedPhotos({ url, token }: Pick<RealServer, 'url' | 'token'>): Promise<number | undefined> {
  const answer = await fetch(url + ROUTES.status.path, { headers: { Authorization: `Bearer ${token}` } });
  return statusAnswerSchema.parse(await answer.json()).photos.prepared;
}
