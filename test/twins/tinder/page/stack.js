import { createCard } from './card.js';
import { classes, element } from './dom.js';
import { labels } from './labels.js';
import { options } from './options.js';

const STACKED = 3;

/**
 * The stack of cards. In the document the one on top comes last, and cards that were thrown off linger after it.
 *
 * @param {{take: () => object | undefined}} supply
 * @param {(by: string, via: string, event: Event) => void} onDeed
 * @param {() => void} onChange told whenever another card is on top, or none
 */
export function createStack(supply, onDeed, onChange) {
  const cards = element('div', { class: classes('recsCardboard__cards') });
  const node = element('div', { class: classes('recsCardboard'), role: 'region', 'aria-label': labels.stack }, cards);
  const stack = [];
  let gap = false;
  let top;

  function place() {
    for (const [at, card] of stack.entries()) card.place(gap ? at + 1 : at);
    const now = gap ? undefined : stack[0]?.entry;
    if (now === top) return;
    top = now;
    onChange(now);
  }

  function refill() {
    while (stack.length < STACKED) {
      const entry = supply.take();
      if (!entry) break;
      const card = createCard(entry, onDeed);
      stack.push(card);
      cards.prepend(card.node);
    }
    place();
  }

  return {
    node,
    refill,
    /** The card on top; undefined between two, and at the end. */
    active: () => (gap ? undefined : stack[0]),
    isEmpty: () => stack.length === 0,
    /** Takes the active card away, and shows the next, at once or after a gap. */
    throwOff(kind) {
      stack.shift().throwOff(kind);
      gap = options.gapMs > 0;
      if (gap) {
        setTimeout(() => {
          gap = false;
          place();
        }, options.gapMs);
      }
      refill();
    },
    /** Puts a profile back on top. */
    putBack(entry) {
      const card = createCard(entry, onDeed);
      stack.unshift(card);
      cards.append(card.node);
      place();
    },
    /** Makes the active card of new nodes. */
    rerender() {
      const old = stack[0];
      if (!old || gap) return;
      const { plan, ...entry } = old.entry;
      const card = createCard({ ...entry, plan: { ...plan, loadDelayMs: 0 } }, onDeed, old.selected());
      card.entry = old.entry;
      stack[0] = card;
      old.node.before(card.node);
      if (old.isOpen()) card.openProfile();
      old.remove();
      card.place(0);
    },
    /** Takes every card away; no other comes until it is filled again. */
    clear() {
      const cleared = stack.splice(0);
      for (const card of cleared) card.remove();
      supply.giveBack(cleared.map(({ entry }) => entry));
      place();
    },
  };
}
