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

/** Where a session draws what a person is told. */
export interface StatusOverlay {
  showStatus(status: PageStatus): void;
}

/** Whom a standing is told to. */
export interface StandingParts {
  /** True while the person lets it swipe. */
  readonly maySwipe: () => boolean;
  /** Tells the worker. */
  readonly report: (status: PageStatus, counted?: Counted, id?: string) => void;
  /** Tells the worker that no session runs here any more. */
  readonly leave: () => void;
}

/**
 * How a page stands: at work, waiting for something that passes by itself, or stopped until the person says Resume. While
 * it is stopped, nothing that it only waits for is said over the reason to stop.
 *
 * There is one for a page's whole life, not for a session: a stop outlives the sessions that end and begin as the address
 * or an option changes, and only Resume or the control (see {@link Standing.resume}) ends it.
 */
export class Standing {
  readonly #parts: StandingParts;
  #status: PageStatus = { reason: null };
  #halt: { readonly reason: Reason; readonly detail: string | undefined; readonly key: string | undefined } | undefined;
  #overlay: StatusOverlay | undefined;
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

  /** A session begins, and ends with the signal: it is told how the page stands. */
  begin(overlay: StatusOverlay, signal: AbortSignal): void {
    this.#overlay = overlay;
    this.#noted = false;
    if (!this.#halt) this.#status = { reason: null };
    this.#parts.report(this.#status);
    this.#note();
    const end = () => {
      if (this.#overlay === overlay) this.#overlay = undefined;
      this.#parts.leave();
    };
    signal.addEventListener('abort', end, { once: true });
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
    this.#halt = { reason, detail, key };
    this.#say(reason, detail);
  }

  /** The person lets it go on, by Resume or by moving the control; false where nothing was stopped. */
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
    // A swipe that was confirmed after its session's end is counted, but brings the page back into no list.
    if (!this.#overlay) this.#parts.leave();
  }

  /** Says what is going on, once for each change. */
  #say(reason: Reason | null, detail?: string): void {
    const changed = this.#status.reason !== reason || this.#status.detail !== detail;
    if (changed) {
      this.#status = { reason, ...(detail !== undefined && { detail }) };
      if (this.#overlay) this.#parts.report(this.#status);
    }
    this.#note(changed);
  }

  /** Notes it on the page, too, where a person would wonder; whether they would depends on the control. */
  #note(changed = true): void {
    const { reason } = this.#status;
    const noted = this.#halt !== undefined || (reason !== null && this.#parts.maySwipe() && NOTED.includes(reason));
    if (changed || noted !== this.#noted) this.#overlay?.showStatus(noted ? this.#status : { reason: null });
    this.#noted = noted;
  }
}
