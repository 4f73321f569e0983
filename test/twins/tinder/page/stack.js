import { later } from './busy.js';
import { createCard, createShell } from './card.js';
import { isPictured } from './carousel.js';
import { classes, element } from './dom.js';
import { drift } from './drift/drift.js';
import { createFakeCard } from './drift/fake-card.js';
import { labels } from './labels.js';
import { options } from './options.js';

const STACKED = 3;

/**
 * The stack of cards. In the document the one on top comes last, and cards that were thrown off linger after it.
 *
 * @param {{take: () => object | undefined}} supply
 * @param {(by: string, via: string, event: Event) => void} onDeed
 * @param {{open: (profile: Element) => void, close: () => void}} surface where an open profile stands
 * @param {() => void} onChange told whenever another card is on top, or none
 */
export function createStack(supply, onDeed, surface, onChange) {
  const cards = element('div', { part: 'cards', class: classes('recsCardboard__cards', 'cards') });
  const container = element('div', { class: classes('recsCardboard__cardsContainer', 'cardBox') }, cards);
  const region = {
    part: 'region',
    class: classes('H(--recs-card-height)--ml', 'Maw(--recs-card-width)--ml', 'box'),
    'aria-live': 'polite',
    role: 'region',
    'aria-label': labels.stack,
  };
  const node = element('div', region, container);
  const stack = [];
  let gap = false;
  let top;
  let dealt = 0;
  let clone;
  const shells = drift.get('recycled-cards') && Array.from({ length: STACKED + 1 }, createShell);

  function place() {
    if (shells) recycle();
    for (const [at, card] of stack.entries()) card.place(gap ? at + 1 : at);
    const now = gap ? undefined : stack[0]?.entry;
    if (now === top) return;
    top = now;
    if (drift.get('actives')?.how === 'clone') putClone();
    onChange(now);
  }

  /** Moves every card into the element of the card before it, so the elements stay and the people change. */
  function recycle() {
    for (const [at, card] of stack.entries()) card.moveInto?.(shells[at]);
    for (const [at, shell] of shells.entries()) {
      if (at < stack.length) cards.prepend(shell);
      else shell.remove();
    }
  }

  /** Puts a copy of the top card behind it. Selectors find the copy, but nobody can see or click it. */
  function putClone() {
    clone?.remove();
    clone = top && stack[0].node.cloneNode(true);
    if (!clone) return;
    clone.style.zIndex = '0';
    cards.prepend(clone);
  }

  function refill() {
    while (stack.length < STACKED) {
      const entry = supply.take();
      if (!entry) break;
      const fake = drift.get('fake-card');
      if (fake?.at === dealt) add(createFakeCard(fake.how));
      dealt += 1;
      add(createCard(entry, onDeed, surface));
    }
    place();
  }

  function add(card) {
    stack.push(card);
    if (!shells) cards.prepend(card.node);
  }

  function remake(at, start) {
    const old = stack[at];
    const { plan, ...entry } = old.entry;
    const card = createCard({ ...entry, plan: { ...plan, loadDelayMs: 0 } }, onDeed, surface, start);
    card.entry = old.entry;
    stack[at] = card;
    if (!shells) old.node.before(card.node);
    const wasOpen = old.isOpen();
    old.remove();
    card.place(gap ? at + 1 : at);
    if (shells) place();
    if (wasOpen) card.openProfile();
  }

  return {
    node,
    /** The parent of the row of buttons. */
    container,
    refill,
    /** The card on top; undefined between two, and at the end. */
    active: () => (gap ? undefined : stack[0]),
    isEmpty: () => stack.length === 0,
    /** Takes the active card away, and shows the next, at once or after a gap. */
    throwOff(kind) {
      const thrown = stack.shift();
      if (shells) thrown.remove();
      else thrown.throwOff(kind);
      gap = options.gapMs > 0;
      if (gap) {
        later(() => {
          gap = false;
          place();
        }, options.gapMs);
      }
      refill();
    },
    /** Puts a profile back on top. A photo that it has shown before is there at once. */
    putBack(entry) {
      stack[0]?.closeProfile();
      const loadDelayMs = isPictured(entry.profile) ? 0 : entry.plan.loadDelayMs;
      const card = createCard({ ...entry, plan: { ...entry.plan, loadDelayMs } }, onDeed, surface);
      card.entry = entry;
      stack.unshift(card);
      if (!shells) cards.append(card.node);
      place();
    },
    /** Makes the active card of new nodes. */
    rerender() {
      if (stack[0] && !gap && !stack[0].entry.fake) remake(0, stack[0].selected());
    },
    /** Renders every card again, from its first photo. */
    rerenderAll() {
      for (const [at, { entry }] of stack.entries()) if (!entry.fake) remake(at, 0);
    },
    /** Takes every card away; no other comes until it is filled again. */
    clear() {
      const cleared = stack.splice(0);
      for (const card of cleared) card.remove();
      supply.giveBack(cleared.map(({ entry }) => entry).filter(({ fake }) => !fake));
      place();
    },
  };
}
