import type { Counted, PageStatus } from '../messages.ts';
import type { Reason } from '../reasons.ts';

/** Pauses that a person would wonder about while it swipes. The others are said where they arise, or last a moment. */
const NOTED: readonly Reason[] = [
  'consent_layer',
  'offline',
  'page_changed',
  'covered',
  'off_screen',
  'outside_hours',
  'other_tab',
  'deck_ended',
  'worker_gone',
];

/** Where a session shows its status to the person. */
export interface StatusOverlay {
  showStatus(status: PageStatus): void;
}

/** Whom a session's status is reported to. */
export interface SessionStatusParts {
  /** True while the person lets it swipe. */
  readonly maySwipe: () => boolean;
  /** Reports to the worker. */
  readonly report: (status: PageStatus, counted?: Counted, id?: string) => void;
  /** Tells the worker that no session runs here any more. */
  readonly leave: () => void;
}

/**
 * Whether a session is running, waiting for something that passes by itself, or stopped until the person clicks Resume.
 * While it is stopped, the reason to stop is not replaced by anything that it merely waits for.
 *
 * A page has one for its whole life, across its sessions. Sessions end and begin as the address or an option changes, but a
 * stop ends only when the person clicks Resume or moves the control (see {@link SessionStatus.resume}).
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

  /** Set while only the person can let it continue; `key` is the card that it is about. */
  get stopped(): { readonly reason: Reason; readonly key: string | undefined } | undefined {
    return this.#stopped;
  }

  /** How often the person has resumed: a verdict from before a resume is not acted upon. */
  get resumes(): number {
    return this.#resumes;
  }

  /** A session begins, and ends with the signal. Its overlay and the worker learn the status at once. */
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

  /** Nothing is in the way. */
  clear(): undefined {
    if (!this.#stopped) this.#change(null);
  }

  /** Something is in the way for a while. */
  wait(reason: Reason, detail?: string): undefined {
    if (!this.#stopped) this.#change(reason, detail);
  }

  /** Only the person can let it continue. */
  stop(reason: Reason, detail?: string, key?: string): undefined {
    this.#stopped = { reason, detail, key };
    this.#change(reason, detail);
  }

  /** The person lets it continue, with Resume or by moving the control; false if nothing was stopped. */
  resume(): boolean {
    if (!this.#stopped) return false;
    this.#stopped = undefined;
    this.#resumes += 1;
    this.#change(null);
    return true;
  }

  /** Counts something; a swipe under its permit's id. */
  count(what: Counted, id?: string): void {
    this.#parts.report(this.#current, what, id);
    // A swipe that is confirmed after its session's end is counted, but doesn't bring the page back into any list.
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

  /** Notes it on the page, too, where a person would wonder; whether they would depends on the control. */
  #note(changed = true): void {
    const { reason } = this.#current;
    const noted = this.#stopped !== undefined || (reason !== null && this.#parts.maySwipe() && NOTED.includes(reason));
    if (changed || noted !== this.#noted) this.#overlay?.showStatus(noted ? this.#current : { reason: null });
    this.#noted = noted;
  }
}
