import type { TwinDeck } from './deck.ts';
import type { PageOptions } from './page-options.ts';
import type { PhotoBytes } from './photo-bytes.ts';
import type { TwinRecord } from './record.ts';

/** Something of a profile happened just now: a chance for whoever wants to interfere. */
export interface TwinMoment {
  /** Its card came on top; the worker asked for one of its photos; its like or pass came, or was answered. */
  readonly what: 'top' | 'photo' | 'call' | 'answer';
  readonly step: number;
}

/** What the three hosts answer from. */
export interface TwinWorld {
  deck: TwinDeck;
  readonly record: TwinRecord;
  readonly bytes: PhotoBytes;
  readonly slowMs: number;
  readonly page: Partial<PageOptions>;
  /** The status with which the API answers everything just now, 0 for none that the page can read; undefined: it works. */
  outage: number | undefined;
  /** Loads of the page so far. */
  loads: number;
  readonly onMoment: ((moment: TwinMoment) => void) | undefined;
}
