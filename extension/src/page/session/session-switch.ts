import { isAllowed, type Settings } from '../../storage/settings.ts';

/** A running session, with the methods that tell it what the person does in the popup. */
export interface Running {
  readonly resume: () => void;
  /** Call this when the control moves between Show and Swipe. */
  readonly moved: () => void;
}

/**
 * Starts and ends sessions as the settings and the address change. No session runs while the control is set to Off,
 * before the person consents, or on a page without a deck. A new one starts when the server, thresholds, patience,
 * rules or the use of words change.
 */
export class SessionSwitch {
  readonly #start: (signal: AbortSignal) => Running;
  readonly #hasDeck: () => boolean;
  readonly #forgetStop: () => void;
  #mode: Settings['mode'] | undefined;
  #running: { readonly session: Running; readonly settings: Settings; readonly end: AbortController } | undefined;

  constructor(options: {
    readonly start: (signal: AbortSignal) => Running;
    readonly hasDeck: () => boolean;
    /** Moving the control counts as clicking Resume, even if no session runs. */
    readonly forgetStop: () => void;
  }) {
    this.#start = options.start;
    this.#hasDeck = options.hasDeck;
    this.#forgetStop = options.forgetStop;
  }

  /** Call this when the settings or the address change. */
  update(settings: Settings): void {
    const wanted = isAllowed(settings) && this.#hasDeck();
    const moved = this.#mode !== undefined && this.#mode !== settings.mode;
    this.#mode = settings.mode;
    if (moved) this.#forgetStop();
    const before = this.#running?.settings;
    if (!wanted || (before && verdictBasis(before) !== verdictBasis(settings))) this.end();
    if (!wanted) return;
    if (!this.#running) {
      const end = new AbortController();
      this.#running = { session: this.#start(end.signal), settings, end };
      return;
    }
    this.#running = { ...this.#running, settings };
    if (moved) this.#running.session.moved();
  }

  /** Resumes a paused session. */
  resume(): void {
    this.#running?.session.resume();
  }

  /** Ends the session, if one runs. */
  end(): void {
    this.#running?.end.abort(new Error('the session has ended'));
    this.#running = undefined;
  }
}

const verdictBasis = ({ server, thresholds, patience, rules, taste }: Settings) =>
  JSON.stringify([server, thresholds, patience, rules, taste.words]);
