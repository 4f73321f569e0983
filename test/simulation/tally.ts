import { type Verdict, wallMs } from '../twins/tinder/record.ts';
import type { SeenCounts } from './extension-view.ts';
import type { Violations } from './violations.ts';

const SIDES = ['right', 'left'] as const;

type Side = (typeof SIDES)[number];

/** A swipe of the extension's that the twin took. */
export interface Taken {
  readonly step: number;
  readonly load: number;
  readonly atMs: number;
}

/**
 * Holds the extension's counts against the swipes that the twin took of it: each is counted once, under its side. A count
 * is that of the newest swipe, since the next one is not made before it: an older one that stays behind was not counted.
 */
export class Tally {
  readonly #violations: Violations;
  readonly #waiting: Record<Side, Taken[]> = { right: [], left: [] };
  readonly #counted: Record<Side, number> = { right: 0, left: 0 };
  /** Swipes of which nobody can say whether they were counted, see {@link excuse}. */
  excused = 0;

  constructor(violations: Violations) {
    this.#violations = violations;
  }

  /** Swipes that wait to be counted. */
  get waiting(): readonly Taken[] {
    return [...this.#waiting.right, ...this.#waiting.left];
  }

  /** A verdict came to the twin; a person's own is none to be counted, and no failed one. */
  take({ kind, trusted, answered, step, load, atMs }: Verdict): void {
    if (trusted || answered !== 200 || kind === 'super-like') return;
    this.#waiting[kind === 'like' ? 'right' : 'left'].push({ step, load, atMs });
  }

  /** The extension has counted. */
  see(counts: SeenCounts): void {
    for (const side of SIDES) {
      while (this.#counted[side] < counts[side]) {
        this.#counted[side] += 1;
        const swipe = this.#waiting[side].pop();
        if (!swipe)
          this.#violations.add(undefined, 'a count for each swipe', `one more to the ${side}: ${show(counts)}`);
      }
      if (counts[side] < this.#counted[side]) {
        this.#violations.add(undefined, `${this.#counted[side]} to the ${side}, as before`, show(counts));
        this.#counted[side] = counts[side];
      }
    }
  }

  /**
   * The page was thrown away in the middle of anything: a swipe whose answer it could not read any more, or whose report it
   * could not send any more, may stay uncounted, since nobody is left who knows how it ended. (The limits have counted it:
   * its permit is its count.) There is one press at a time, so there is one such swipe at the most.
   */
  excuse(load: number): void {
    const lost = this.waiting.filter((swipe) => swipe.load <= load);
    for (const side of SIDES) this.#waiting[side] = this.#waiting[side].filter((swipe) => swipe.load > load);
    this.excused += lost.length;
    if (lost.length < 2) return;
    this.#violations.add(lost[0]!.step, 'at most one swipe under way at a reload', `${lost.length} uncounted ones`);
  }

  /** Everything ought to be counted by now. */
  finish(): void {
    for (const side of SIDES) {
      for (const swipe of this.#waiting[side]) {
        const { step, atMs } = swipe;
        const agoMs = Math.round(wallMs() - atMs);
        this.#violations.add(step, `its swipe to the ${side} counted`, `no count, ${agoMs} ms later`);
      }
      this.#waiting[side] = [];
    }
  }
}

const show = ({ right, left }: SeenCounts) => `${right} right, ${left} left`;
