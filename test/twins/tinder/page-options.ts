import type { Drift } from './drift.ts';

/** The languages that the page has words of. */
export const LANGUAGES = ['en', 'pt', 'ar', 'de', 'ja'] as const;

/** How the page behaves; `page/options.js` holds the defaults. Each can also be given in the address's query. */
export interface PageOptions {
  /** The language of every label. */
  readonly lang: (typeof LANGUAGES)[number];
  /** What is open at the start, by commas: dialogs, layers, ends, `profile`, `boost`. */
  readonly show: string;
  /** The deck's position at which dealing begins. */
  readonly from: number;
  /** How long a thrown card flies, and how long it then lingers off screen, in milliseconds. */
  readonly animationMs: number;
  readonly lingerMs: number;
  /** How long there is no active card between two, in milliseconds; 0: never. */
  readonly gapMs: number;
  /** How long after its tab a photo is there, in milliseconds. */
  readonly lazyDelayMs: number;
  /** Photos that were turned to stay in the document. */
  readonly keepPhotos: boolean;
  /** A profile with one photo has a tab. */
  readonly soloTab: boolean;
  /** Rewind takes the last swipe back; otherwise it only has an offer. */
  readonly rewinds: boolean;
  /** `hidden`: the people come by a way that nobody observes. */
  readonly recs: 'api' | 'hidden';
  /** After a failed call the card comes back on top, or nothing happens. */
  readonly onCallFailure: 'return' | 'ignore';
  /** What has changed about the page since the outlines. */
  readonly drift: readonly Drift[];
  /** Which load of the page this is, counted by the twin. */
  readonly load: number;
}
