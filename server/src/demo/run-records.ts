import * as z from 'zod';

/** What the page reports: a swipe or a dismissed match, of whom, by what, and whether a person's own input did it. */
export const runEventSchema = z.strictObject({
  kind: z.enum(['like', 'nope', 'super-like', 'match-dismissed']),
  profile: z.string().regex(/^p\d{1,3}$/),
  input: z.enum(['button', 'key']),
  /** The browser's `event.isTrusted`: false where a script did it. */
  trusted: z.boolean(),
});

/** See {@link runEventSchema}. */
export type RunEvent = z.infer<typeof runEventSchema>;

/** A run's id: made by the page, or by the test that wants to read it. */
export const runIdSchema = z.string().regex(/^[\w-]{1,64}$/);

/** Bounds of what is remembered. */
export const RECORD_LIMITS = { runs: 100, eventsPerRun: 1000 } as const;

/** What happened in the latest runs of the page, in memory alone. */
export class RunRecords {
  readonly #runs = new Map<string, RunEvent[]>();

  /** A run's events, in order; none where nothing happened or the run is forgotten. */
  read(run: string): readonly RunEvent[] {
    return this.#runs.get(run) ?? [];
  }

  /** Adds events to a run and forgets the oldest run beyond the bound; false, and nothing added, where the run is full. */
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
