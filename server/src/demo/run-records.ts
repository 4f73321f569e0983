import * as z from 'zod';
import { MAX_PROFILES } from './profiles.ts';

/** An event that the page reports: a swipe, a swipe taken back, or a dismissed match. */
export const runEventSchema = z.strictObject({
  kind: z.enum(['like', 'nope', 'super-like', 'rewind', 'match-dismissed']),
  profile: z.string().regex(/^[\w-]{1,20}$/),
  input: z.enum(['button', 'key']),
  /** The browser's `event.isTrusted`: false if a script triggered the event. */
  trusted: z.boolean(),
});

export type RunEvent = z.infer<typeof runEventSchema>;

/** The id of a run, chosen by the page or by the test that will read the record. */
export const runIdSchema = z.string().regex(/^[\w-]{1,64}$/);

/** A run may swipe the longest deck, take back every swipe, and dismiss every match. */
export const RECORD_LIMITS = { runs: 40, eventsPerRun: 3 * MAX_PROFILES } as const;

/** The events of the page's latest runs, in memory only. */
export class RunRecords {
  readonly #runs = new Map<string, RunEvent[]>();

  /** Returns a run's events in order, or an empty list if the run is unknown or forgotten. */
  read(run: string): readonly RunEvent[] {
    return this.#runs.get(run) ?? [];
  }

  /** Adds events to a run, and forgets the oldest run if there are too many. Returns false and adds nothing if it is full. */
  add(run: string, events: readonly RunEvent[]): boolean {
    const record = this.#runs.get(run) ?? [];
    if (record.length + events.length > RECORD_LIMITS.eventsPerRun) return false;
    record.push(...events);
    this.#runs.set(run, record);
    const [oldest] = this.#runs.keys();
    if (this.#runs.size > RECORD_LIMITS.runs && oldest !== undefined) this.#runs.delete(oldest);
    return true;
  }
}
