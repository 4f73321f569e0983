import { MAX_PROFILES } from './page-data/page-events.ts';

/** What the page shows of the card on top. */
export interface CardSight {
  readonly element: Element;
  readonly name: string | undefined;
  readonly age: number | undefined;
  /** The position of the photo that is shown. */
  readonly index: number;
  /** The token of the photo that is shown, or undefined while it loads. */
  readonly token: string | undefined;
  /** The ID of the profile with that token in the page's own data. */
  readonly profileId: string | undefined;
}

/** A card that was on top. */
export interface RememberedCard {
  readonly key: string;
  readonly name: string;
  readonly age: number | undefined;
  element: WeakRef<Element>;
  readonly tokens: Set<string>;
  firstToken: string | undefined;
  profileId: string | undefined;
  /** True once the page has offered another photo after the last one it counts. */
  hasMorePhotos: boolean;
}

/** After this many profiles in a row from the page's data, the next one is expected to be there, too. */
const MANY_KNOWN = 3;

/** How many cards are remembered. A rewind may bring one back, and only the last few can matter. */
const MAX_CARDS = 12;

/**
 * Tracks which profile the card on top belongs to, while the page re-renders it, pages through its photos, opens it or
 * loads its photo late. Two profiles in a row may share a name and an age, so those alone never identify one. A photo
 * in common does, and so does the same element unless something contradicts it.
 */
export class CardMemory {
  #cards: RememberedCard[] = [];
  readonly #shown = new Set<string>();
  #count = 0;

  /**
   * Returns the card that is seen. Undefined while it could be either the last card, re-rendered, or the next one.
   * Also undefined for a card without a name, which is still being rendered.
   */
  recognize(sight: CardSight): RememberedCard | undefined {
    const { element, name, age } = sight;
    if (name === undefined) return undefined;
    if (sight.profileId) this.#show(sight.profileId);
    const known = this.#cards.find((card) => isSame(card, sight));
    if (known) return learn(known, sight);
    const last = this.#cards[0];
    if (last && sight.token === undefined && saysTheSame(last, sight)) return undefined;
    this.#count += 1;
    const card = {
      key: `card-${this.#count}`,
      name,
      age,
      element: new WeakRef(element),
      tokens: new Set<string>(),
      firstToken: undefined,
      profileId: undefined,
      hasMorePhotos: false,
    };
    this.#cards = [card, ...this.#cards].slice(0, MAX_CARDS);
    return learn(card, sight);
  }

  #show(profileId: string): void {
    this.#shown.add(profileId);
    for (const old of this.#shown) {
      if (this.#shown.size <= MAX_PROFILES) return;
      this.#shown.delete(old);
    }
  }

  /** Returns a card that was on top, by its key. */
  withKey(key: string): RememberedCard | undefined {
    return this.#cards.find((card) => card.key === key);
  }

  /**
   * Returns whether the page's data lacks this card, though it has the cards before. If the data was forgotten in
   * between, it lacks them, too: the page had fetched this card's profile earlier.
   */
  isStranger(card: RememberedCard, isKnown: (card: RememberedCard) => boolean): boolean {
    const before = this.#cards.filter((other) => other !== card).slice(0, MANY_KNOWN);
    return !card.profileId && before.length === MANY_KNOWN && before.every(isKnown);
  }

  /** Returns whether the card of a profile has been on top, by its ID in the page's data. */
  hasShown(profileId: string): boolean {
    return this.#shown.has(profileId);
  }
}

function isSame(card: RememberedCard, sight: CardSight): boolean {
  if (!saysTheSame(card, sight)) return false;
  const { token, profileId, index, element } = sight;
  if (profileId && card.profileId) return profileId === card.profileId;
  if (token && card.tokens.has(token)) return true;
  if (card.element.deref() !== element) return false;
  // The same element shows another photo of this profile, unless a different photo is now in first place.
  return !(token && index === 0 && card.firstToken);
}

/** The age may be hidden, or appear a moment after the name. */
const saysTheSame = (card: RememberedCard, { name, age }: CardSight) =>
  card.name === name && (card.age === age || card.age === undefined || age === undefined);

function learn(card: RememberedCard, { element, token, profileId, index }: CardSight): RememberedCard {
  if (card.element.deref() !== element) card.element = new WeakRef(element);
  if (token) card.tokens.add(token);
  if (token && index === 0) card.firstToken ??= token;
  card.profileId ??= profileId;
  return card;
}
