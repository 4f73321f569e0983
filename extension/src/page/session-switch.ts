import { isAllowed, type Settings } from '../storage/settings.ts';

/** A session that can be told of the person's acts. */
export interface Running {
  readonly resume: () => void;
  /** The control moved between Show and Swipe. */
  readonly moved: () => void;
}

/**
 * Starts and ends sessions as the settings and the address ask for it: none while the control stands on Off, before the
 * consent, or where the address is no page with a deck; a fresh one when what a verdict depends on has changed, or how
 * long it waits.
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
    /** Moving the control is as good as Resume, also where no session runs. */
    readonly forgetStop: () => void;
  }) {
    this.#start = options.start;
    this.#hasDeck = options.hasDeck;
    this.#forgetStop = options.forgetStop;
  }

  /** Settings or address changed. */
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

  /** The person lets a paused session go on. */
  resume(): void {
    this.#running?.session.resume();
  }

  /** Ends the session, if one runs. */
  end(): void {
    this.#running?.end.abort(new Error('the session has ended'));
    this.#running = undefined;
  }
}

const verdictBasis = ({ server, threshold, patience }: Settings) => JSON.stringify([server, threshold, patience]);
