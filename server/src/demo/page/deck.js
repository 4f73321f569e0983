import { createCard } from './card.js';

const STACKED = 3;

/**
 * Creates the stack of cards: up to three of the remaining profiles.
 *
 * @param {HTMLElement} region the parent of the cards
 * @param {object[]} profiles all profiles, in order
 * @param {(left: number, swiped: number) => void} onChange called with the numbers of remaining and of swiped profiles, at
 *   first and after each change
 */
export function createDeck(region, profiles, onChange) {
  const waiting = [...profiles];
  const stack = [];
  const swiped = [];

  function refill() {
    while (stack.length < STACKED && waiting.length > 0) {
      const card = createCard(waiting.shift());
      stack.push(card);
      region.append(card.node);
    }
    for (const [index, card] of stack.entries()) card.place(index);
    onChange(stack.length + waiting.length, swiped.length);
  }

  refill();
  return {
    /** Returns the profile of the active card, or `undefined` at the end. */
    active: () => stack[0]?.profile,
    nextPhoto: () => stack[0]?.nextPhoto(),
    /** Removes the active card. */
    swipe(direction) {
      const card = stack.shift();
      if (!card) return;
      card.throwOff(direction);
      swiped.push(card);
      refill();
    },
    /** Puts the last swiped profile back on top. Returns it, or `undefined` if nothing was swiped. */
    rewind() {
      const last = swiped.pop();
      if (!last) return undefined;
      last.node.remove(); // it may still be on its way off the screen
      if (stack.length === STACKED) {
        const lowest = stack.pop();
        lowest.node.remove();
        waiting.unshift(lowest.profile);
      }
      const card = createCard(last.profile);
      stack.unshift(card);
      region.prepend(card.node);
      refill();
      return card.profile;
    },
  };
}
