import { createCard } from './card.js';

const STACKED = 3;

/**
 * The stack of cards: up to three of the profiles that are left.
 *
 * @param {HTMLElement} region where the cards are
 * @param {number} seed the deck's seed
 * @param {object[]} profiles everyone, in order
 * @param {(left: number) => void} onChange told how many are left, at first and after each swipe
 */
export function createDeck(region, seed, profiles, onChange) {
  const waiting = [...profiles];
  const stack = [];

  function refill() {
    while (stack.length < STACKED && waiting.length > 0) {
      const card = createCard(seed, waiting.shift());
      stack.push(card);
      region.append(card.node);
    }
    for (const [index, card] of stack.entries()) card.place(index);
    onChange(stack.length + waiting.length);
  }

  refill();
  return {
    /** The profile of the active card, or `undefined` at the end. */
    active: () => stack[0]?.profile,
    nextPhoto: () => stack[0]?.nextPhoto(),
    /** Takes the active card away. */
    swipe(direction) {
      stack.shift()?.throwOff(direction);
      refill();
    },
  };
}
