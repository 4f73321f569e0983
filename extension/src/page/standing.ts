import type { Counted, PageStatus } from '../messages.ts';
import type { Reason } from '../reasons.ts';

/** Pauses that a person would wonder about while it swipes. The others are said where they arise, or last a moment. */
const NOTED: readonly Reason[] = [
  'consent_layer',
  'offline',
  'page_changed',
  'outside_hours',
  'other_tab',
  'deck_ended',
  'worker_gone',
];

/** Whom a standing is told to. */
export interface StandingParts {
  /** True while the person lets it swipe. */
  readonly maySwipe: () => boolean;
  readonly overlay: { showStatus(status: PageStatus): void };
  readonly report: (status: PageStatus, counted?: Counted, id?: string) => void;
}

/**
 * How a session stands: at work, waiting for something that passes by itself, or stopped until the person says Resume.
 * While it is stopped, nothing that it only waits for is said over the reason to stop.
 */
export class Standing {
  readonly #parts: StandingParts;
  #status: PageStatus = { reason: null };
  #halt: { readonly reason: Reason; readonly key: string | undefined } | undefined;
  #noted = false;
  #resumes = 0;

  constructor(parts: StandingParts) {
    this.#parts = parts;
  }

  /** Set while only the person can let it go on; `key` is the card that it is about. */
  get halt(): { readonly reason: Reason; readonly key: string | undefined } | undefined {
    return this.#halt;
  }

  /** Resumes so far: a verdict from before one is not acted upon. */
  get resumes(): number {
    return this.#resumes;
  }

  /** Nothing is in the way. */
  clear(): undefined {
    if (!this.#halt) this.#say(null);
  }

  /** Something is, for a while. */
  wait(reason: Reason, detail?: string): undefined {
    if (!this.#halt) this.#say(reason, detail);
  }

  /** Only the person can let it go on. */
  stop(reason: Reason, detail?: string, key?: string): undefined {
    this.#halt = { reason, key };
    this.#say(reason, detail);
  }

  /** The person lets it go on; false where nothing was stopped. */
  resume(): boolean {
    if (!this.#halt) return false;
    this.#halt = undefined;
    this.#resumes += 1;
    this.#say(null);
    return true;
  }

  /** Something is to be counted; a swipe under its permit's id. */
  count(what: Counted, id?: string): void {
    this.#parts.report(this.#status, what, id);
  }

  /** Says what is going on, once for each change; whether it is noted on the page depends on the control, too. */
  #say(reason: Reason | null, detail?: string): void {
    const { overlay, report, maySwipe } = this.#parts;
    const changed = this.#status.reason !== reason || this.#status.detail !== detail;
    if (changed) {
      this.#status = { reason, ...(detail !== undefined && { detail }) };
      report(this.#status);
    }
    const noted = this.#halt !== undefined || (reason !== null && maySwipe() && NOTED.includes(reason));
    if (changed || noted !== this.#noted) overlay.showStatus(noted ? this.#status : { reason: null });
    this.#noted = noted;
  }
}
