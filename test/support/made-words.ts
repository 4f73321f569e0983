import type { Page } from 'playwright-core';
import { bioFeatures } from '../../extension/src/words/bio-features.ts';

/** A labeled bio to store, with what the photos alone said. */
export interface MadeBio {
  readonly bio: string;
  readonly isLiked: boolean;
  readonly photos: number;
}

/** The random number that the features of stored bios are made with. */
export const BIO_SEED = 12_345;

/**
 * Stores labeled bios in an extension that has opened its database before. Any page of the extension will do.
 *
 * @param firstAtMs when the first one was stored, in wall-clock time. By default, they are older than any other.
 */
export async function storeBios(page: Page, bios: readonly MadeBio[], firstAtMs = 1_000): Promise<void> {
  const stored = bios.map(({ bio, ...label }, at) => {
    return { id: `made/${at}`, atMs: firstAtMs + at, features: bioFeatures(bio, BIO_SEED), ...label };
  });
  await page.evaluate(
    async ({ stored, seed }) => {
      const opening = indexedDB.open('words');
      await new Promise((resolve) => opening.addEventListener('success', resolve));
      const writing = opening.result.transaction(['bios', 'seeds'], 'readwrite');
      writing.objectStore('bios').clear();
      for (const bio of stored) writing.objectStore('bios').add(bio);
      writing.objectStore('seeds').put(seed, 'features');
      await new Promise((resolve) => writing.addEventListener('complete', resolve));
      opening.result.close();
    },
    { stored, seed: BIO_SEED },
  );
}

/** Returns everything that an extension has stored about bios. */
export async function storedBios(page: Page): Promise<{ bios: { id: string; isLiked: boolean }[]; seeds: unknown[] }> {
  return await page.evaluate(async () => {
    const opening = indexedDB.open('words');
    await new Promise((resolve) => opening.addEventListener('success', resolve));
    const reading = opening.result.transaction(['bios', 'seeds']);
    const bios = reading.objectStore('bios').getAll();
    const seeds = reading.objectStore('seeds').getAll();
    await new Promise((resolve) => reading.addEventListener('complete', resolve));
    opening.result.close();
    return { bios: bios.result, seeds: seeds.result };
  });
}
