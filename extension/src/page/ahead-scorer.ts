import type { Answer } from '../messages.ts';
import type { PagePhoto } from '../sites/site-adapter.ts';

/** Profiles scored before their card is on top. */
const MAX_AHEAD = 3;

/** Of these, so many at the same time: while one is scored the next one's photos come. */
const CONCURRENCY = 2;

/** Asks for a verdict that nobody waits for yet, and cancels it. */
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
 * Scores the next profiles before their cards are on top, the most imminent first, a few at the most, and cancels what is
 * no longer among them. What it knows lives in memory, as long as the session does.
 */
export class AheadScorer {
  readonly #parts: AheadParts;
  readonly #entries = new Map<string, Entry>();
  readonly #signal: AbortSignal;
  #wanted: readonly (readonly PagePhoto[])[] = [];
  #asked = 0;

  /** Ends with the signal: what is under way is canceled. */
  constructor(parts: AheadParts, signal: AbortSignal) {
    this.#parts = parts;
    this.#signal = signal;
    signal.addEventListener('abort', () => this.update([]), { once: true });
  }

  /** These profiles come next. */
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

  /** The answer for these photos, where it was asked for before; it may still be under way. Given once. */
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
    // A worker that died, a server that is away: whoever needs the verdict asks again, and says what is wrong.
    const answer = this.#parts.score(photos, id).catch(() => undefined);
    const entry: Entry = { id, answer, done: false };
    this.#entries.set(keyOf(photos), entry);
    void answer.then(() => {
      entry.done = true;
      this.#fill();
    });
  }
}

/** The photos themselves: a verdict is theirs, whoever's card they are on. */
const keyOf = (photos: readonly PagePhoto[]) => JSON.stringify(photos);
