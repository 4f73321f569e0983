/** How many texts stay in the region. A text that is removed too early may never be read aloud. */
const KEPT = 4;

/**
 * Has screen readers read aloud what the overlay shows. They read what is added to the region, once they are done with
 * what they are reading. The overlay itself is redrawn all the time, so it can't be such a region.
 */
export class Announcer {
  /** Invisible. It must be in the page before the first text, because screen readers only notice changes. */
  readonly region: HTMLElement;
  /** The texts about the card on top that were announced already. */
  #card: { readonly key: string; readonly said: Set<string> } = { key: '', said: new Set() };

  constructor(document: Document) {
    this.region = document.createElement('div');
    this.region.className = 'unseen';
    this.region.role = 'log';
    this.region.ariaLive = 'polite';
  }

  /** Announces a text. */
  say(text: string): void {
    if (text === '') return;
    const added = this.region.ownerDocument.createElement('div');
    added.textContent = text;
    this.region.append(added);
    if (this.region.childElementCount > KEPT) this.region.firstElementChild!.remove();
  }

  /** Announces a text about the card on top, unless it was announced while this card has been on top. */
  sayOf(key: string, text: string): void {
    if (this.#card.key !== key) this.#card = { key, said: new Set() };
    if (this.#card.said.has(text)) return;
    this.#card.said.add(text);
    this.say(text);
  }
}
