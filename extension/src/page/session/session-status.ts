import type { Counted, PageStatus } from '../../messages.ts';
import type { Reason } from '../../reasons.ts';

/**
 * Pauses that a person would wonder about while swiping. The others are shown where they arise, or last only a moment.
 */
const NOTED: readonly Reason[] = [
  'consent_layer',
  'offline',
  'page_changed',
  'covered',
  'off_screen',
  'outside_hours',
  'other_tab',
  'deck_ended',
  'gate_closed',
  'worker_gone',
];

/** Where a session shows its status to the person. */
export interface StatusOverlay {
  showStatus(status: PageStatus): void;
}

/** What a session's status needs. */
export interface SessionStatusParts {
  /** True while the person allows swiping. */
  readonly maySwipe: () => boolean;
  /** Reports to the worker. */
  readonly report: (status: PageStatus, counted?: Counted, id?: string) => void;
  /** Tells the worker that no session runs here anymore. */
  readonly leave: () => void;
}

/**
 * Tracks whether a session is running, waiting for something temporary, or stopped until the person clicks Resume.
 * While it is stopped, a temporary reason never replaces the reason for the stop.
 *
 * A page has one status for its whole life. Sessions come and go as the address or an option changes, but a stop ends
 * only when the person clicks Resume or moves the control (see {@link SessionStatus.resume}).
 */
export class SessionStatus {
  readonly #parts: SessionStatusParts;
  #current: PageStatus = { reason: null };
  #stopped:
    | { readonly reason: Reason; readonly detail: string | undefined; readonly key: string | undefined }
    | undefined;
  #overlay: StatusOverlay | undefined;
  #noted = false;
  #resumes = 0;

  constructor(parts: SessionStatusParts) {
    this.#parts = parts;
  }

  /** Set while only the person can continue the session. `key` is the card that the stop is about. */
  get stopped():
    | { readonly reason: Reason; readonly detail: string | undefined; readonly key: string | undefined }
    | undefined {
    return this.#stopped;
  }

  /** How many times the person has resumed. A verdict from before a resume isn't acted on. */
  get resumes(): number {
    return this.#resumes;
  }

  /** Starts a session that ends with the signal. Its overlay and the worker get the current status at once. */
  begin(overlay: StatusOverlay, signal: AbortSignal): void {
    this.#overlay = overlay;
    this.#noted = false;
    if (!this.#stopped) this.#current = { reason: null };
    this.#parts.report(this.#current);
    this.#note();
    const end = () => {
      if (this.#overlay === overlay) this.#overlay = undefined;
      this.#parts.leave();
    };
    signal.addEventListener('abort', end, { once: true });
  }

  /** Clears the reason to wait, if any. */
  clear(): undefined {
    if (!this.#stopped) this.#change(null);
  }

  /** Waits for a temporary reason. */
  wait(reason: Reason, detail?: string): undefined {
    if (!this.#stopped) this.#change(reason, detail);
  }

  /** Stops until the person continues the session. */
  stop(reason: Reason, detail?: string, key?: string): undefined {
    this.#stopped = { reason, detail, key };
    this.#change(reason, detail);
  }

  /** Ends a stop after the person clicks Resume or moves the control. Returns false if nothing was stopped. */
  resume(): boolean {
    if (!this.#stopped) return false;
    this.#stopped = undefined;
    this.#resumes += 1;
    this.#change(null);
    return true;
  }

  /** Counts an event. A swipe is counted under its permit's id. */
  count(what: Counted, id?: string): void {
    this.#parts.report(this.#current, what, id);
    // A swipe confirmed after its session has ended is counted, but doesn't bring the page back into any list.
    if (!this.#overlay) this.#parts.leave();
  }

  /** Reports each change once. */
  #change(reason: Reason | null, detail?: string): void {
    const changed = this.#current.reason !== reason || this.#current.detail !== detail;
    if (changed) {
      this.#current = { reason, ...(detail !== undefined && { detail }) };
      if (this.#overlay) this.#parts.report(this.#current);
    }
    this.#note(changed);
  }

  /** Also shows the status on the page if a person would wonder about it, which depends on the control. */
  #note(changed = true): void {
    const { reason } = this.#current;
    const noted = this.#stopped !== undefined || (reason !== null && this.#parts.maySwipe() && NOTED.includes(reason));
    if (changed || noted !== this.#noted) this.#overlay?.showStatus(noted ? this.#current : { reason: null });
    this.#noted = noted;
  }
}
