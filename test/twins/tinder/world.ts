import type { TwinDeck } from './deck.ts';
import type { PageOptions } from './page-options.ts';
import type { PhotoBytes } from './photo-bytes.ts';
import type { TwinRecord } from './record.ts';

/** What the three hosts answer from. */
export interface TwinWorld {
  readonly seed: number;
  readonly deck: TwinDeck;
  readonly record: TwinRecord;
  readonly bytes: PhotoBytes;
  readonly slowMs: number;
  readonly page: Partial<PageOptions>;
  /** The status with which the API answers everything just now, 0 for none that the page can read; undefined: it works. */
  outage: number | undefined;
}
