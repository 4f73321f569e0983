import { MAX_PROFILES } from './page-events.ts';

/** What can be seen of the card on top. */
export interface CardSight {
  readonly element: Element;
  readonly name: string | undefined;
  readonly age: number | undefined;
  /** Which of its photos is shown. */
  readonly index: number;
  /** The shown photo's token; undefined while it is under way. */
  readonly token: string | undefined;
  /** The profile that the page's own data has under that token. */
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
  /** True once the page offered another photo after the last one that it counts. */
  hasMorePhotos: boolean;
}

/** So many profiles in a row that the page's data had: the next one is expected to be there, too. */
const MANY_KNOWN = 3;

/** Cards remembered: a rewind may bring one back, and no more than a few are ever in question. */
const MAX_CARDS = 12;

/**
 * Tells which profile the card on top is, across everything that such a page does to a card: renders it anew with other
 * elements, turns its photos over, opens it, loads its photo late. Two neighbours may have one name and one age, so those
 * alone never make two sights the same profile: a photo in common does, or the element where nothing speaks against it.
 */
export class CardMemory {
  #cards: RememberedCard[] = [];
  readonly #shown = new Set<string>();
  #count = 0;

  /**
   * The card of a sight; undefined while it cannot be told whether it is the last one, rendered anew, or its neighbour, and
   * where it has no name: such a card is still being rendered.
   */
  recognise(sight: CardSight): RememberedCard | undefined {
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

  /** A card that was on top before, by its key. */
  withKey(key: string): RememberedCard | undefined {
    return this.#cards.find((card) => card.key === key);
  }

  /** True for a card that the page's data doesn't have, while it had all of those before. */
  isStranger(card: RememberedCard): boolean {
    const before = this.#cards.filter((other) => other !== card).slice(0, MANY_KNOWN);
    return !card.profileId && before.length === MANY_KNOWN && before.every(({ profileId }) => profileId);
  }

  /** True for a profile, by its id in the page's data, whose card has been on top. */
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
  // The same element: another photo of this profile, unless it stands where this profile's first one stood.
  return !(token && index === 0 && card.firstToken);
}

/** An age may be hidden, or come a moment after the name. */
const saysTheSame = (card: RememberedCard, { name, age }: CardSight) =>
  card.name === name && (card.age === age || card.age === undefined || age === undefined);

function learn(card: RememberedCard, { element, token, profileId, index }: CardSight): RememberedCard {
  if (card.element.deref() !== element) card.element = new WeakRef(element);
  if (token) card.tokens.add(token);
  if (token && index === 0) card.firstToken ??= token;
  card.profileId ??= profileId;
  return card;
}
