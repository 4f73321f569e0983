import type { Answer } from '../../messages.ts';
import type { PagePhoto } from '../../sites/site-adapter.ts';

/** How many profiles are scored before their card is on top. */
export const MAX_AHEAD = 3;

/** How many of them are scored at the same time: the photos of one load while another is scored. */
const CONCURRENCY = 2;

/** Requests a verdict before it is needed, and cancels the request. */
export interface AheadParts {
  readonly score: (photos: readonly PagePhoto[], id: string) => Promise<Answer<'score'>>;
  readonly cancel: (id: string) => void;
}

interface Entry {
  readonly id: string;
  readonly answer: Promise<Answer<'score'> | undefined>;
  done: boolean;
}

/**
 * Scores the next few profiles before their cards are on top, nearest first, and cancels those that are no longer next.
 * Verdicts are kept in memory for as long as the session lasts.
 */
export class AheadScorer {
  readonly #parts: AheadParts;
  readonly #entries = new Map<string, Entry>();
  readonly #signal: AbortSignal;
  #wanted: readonly (readonly PagePhoto[])[] = [];
  #asked = 0;

  /** When the signal aborts, every request in flight is canceled. */
  constructor(parts: AheadParts, signal: AbortSignal) {
    this.#parts = parts;
    this.#signal = signal;
    signal.addEventListener('abort', () => this.update([]), { once: true });
  }

  /** Sets the profiles that come next. */
  update(upcoming: readonly (readonly PagePhoto[])[]): void {
    this.#wanted = upcoming.slice(0, MAX_AHEAD);
    const keys = new Set(this.#wanted.map(keyOf));
    for (const [key, { id, done }] of this.#entries) {
      if (keys.has(key)) continue;
      this.#entries.delete(key);
      if (!done) this.#parts.cancel(id);
    }
    this.#fill();
  }

  /** Returns the answer for these photos, once, if they were requested ahead. It may still be in flight. */
  take(photos: readonly PagePhoto[]): Promise<Answer<'score'> | undefined> | undefined {
    const taken = keyOf(photos);
    const entry = this.#entries.get(taken);
    this.#entries.delete(taken);
    this.#wanted = this.#wanted.filter((others) => keyOf(others) !== taken);
    return entry?.answer;
  }

  #fill(): void {
    if (this.#signal.aborted) return;
    const running = () => [...this.#entries.values()].filter(({ done }) => !done).length;
    for (const photos of this.#wanted) {
      if (running() >= CONCURRENCY) return;
      if (!this.#entries.has(keyOf(photos))) this.#start(photos);
    }
  }

  #start(photos: readonly PagePhoto[]): void {
    this.#asked += 1;
    const id = `ahead-${this.#asked}`;
    // If the worker died or the server is down, the judge asks again when it needs the verdict, and reports the
    // problem.
    const answer = this.#parts.score(photos, id).catch(() => undefined);
    const entry: Entry = { id, answer, done: false };
    this.#entries.set(keyOf(photos), entry);
    void answer.then(() => {
      entry.done = true;
      this.#fill();
    });
  }
}

/** Entries are keyed by photos: a verdict depends on nothing else, not even on the card that shows them. */
const keyOf = (photos: readonly PagePhoto[]) => JSON.stringify(photos);
