import { createCard } from './card.js';

const STACKED = 3;

/**
 * Creates the stack of cards: up to three of the remaining profiles.
 *
 * @param {HTMLElement} region the parent of the cards
 * @param {number} seed the deck's seed
 * @param {object[]} profiles all profiles, in order
 * @param {(left: number) => void} onChange called with the number of remaining profiles, at first and after each swipe
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
    /** Returns the profile of the active card, or `undefined` at the end. */
    active: () => stack[0]?.profile,
    nextPhoto: () => stack[0]?.nextPhoto(),
    /** Removes the active card. */
    swipe(direction) {
      stack.shift()?.throwOff(direction);
      refill();
    },
  };
}
