/** How often a script shows that it still runs. */
const BEAT_MS = 1_000;

/** Without a beat for this long, the script is gone. Longer than a busy page delays a beat. */
const GONE_MS = 5_000;

/**
 * Hides what a content script has drawn once the script is gone, and shows a notice instead. When the extension is
 * updated or turned off, Firefox ends the script without a word and leaves its elements on the page (checked in Firefox
 * 153, November 2026). Chromium only cuts the script off. So animations do it, which the script keeps from starting.
 */
export class Lifeline {
  readonly #animations: Animation[];

  /**
   * @param host the element to hide, with everything in it.
   * @param notice an element in it that stays hidden until then, if there is one.
   * @param signal aborts when nothing is drawn anymore.
   */
  constructor(
    parts: {
      readonly host: HTMLElement;
      readonly notice?: HTMLElement;
      readonly document: Document;
    },
    signal: AbortSignal,
  ) {
    const { host, notice, document } = parts;
    const timing = { delay: GONE_MS, duration: 1, fill: 'both' } as const;
    this.#animations = [host.animate({ visibility: ['visible', 'hidden'] }, timing)];
    if (notice) this.#animations.push(notice.animate({ visibility: ['hidden', 'visible'] }, timing));
    // A hidden tab gets few beats, so the first one comes as the person returns to it.
    document.addEventListener('visibilitychange', () => this.#beat(), { signal });
    // The end of one more animation is the beat: nothing waits for it, unlike for a timer of the page's clock.
    const beating = host.animate(null, BEAT_MS);
    beating.onfinish = () => {
      this.#beat();
      beating.play();
    };
    signal.addEventListener('abort', () => beating.pause(), { once: true });
  }

  #beat(): void {
    for (const animation of this.#animations) animation.currentTime = 0;
  }

  /** Shows the notice at once: the script knows that the extension is gone. */
  reveal(): void {
    for (const animation of this.#animations) animation.finish();
  }
}
