import { button, classes, element, generatedId, wrapped } from './dom.js';
import { labels } from './labels.js';
import { onExplore } from './open-profile.js';
import { ENDS, landing } from './places.js';
import { createToolbar } from './toolbar.js';

const CARD_BOX = ['H(--recs-card-height)--ml', 'Maw(--recs-card-width)--ml'];

/**
 * Fills `<main>` with the deck, with an open profile (then there is no card and no deck), or with one of the ends.
 *
 * @param {{app: Element, main: Element, deck: Element, pad: Element, openPad: Element, stack: object, supply: object}} page
 */
export function createPlace({ app, main, deck, pad, openPad, stack, supply }) {
  let forced;
  let shown;
  let profile;
  const toolbars = Array.from({ length: 3 }, () => createToolbar(!onExplore()));
  const inner = onExplore() ? element('div', { class: classes('StretchedBox--s', 'room') }) : main;
  if (onExplore()) main.replaceChildren(...wrapped(2, navigation(), inner));

  function fill(...content) {
    inner.replaceChildren(...content, ...(onExplore() ? [...stretched(), offscreenSheet()] : []));
  }

  function update() {
    const name = profile ? 'open' : (forced ?? wanted());
    if (name === shown && name !== 'open') return;
    shown = name;
    if (name === 'open') {
      fill(box(profile, openPad), toolbars[1], underlay());
    } else if (name === 'deck') {
      stack.container.append(pad);
      fill(deck, toolbars[0]);
    } else {
      pad.remove();
      fill(deck, ENDS[name]()); // the region stays, without a card
    }
  }

  /** The empty card box and toolbar that the outlines show below an open profile. */
  function underlay() {
    const below = [element('div', { class: classes(...CARD_BOX) }), toolbars[2]];
    return element('div', { class: classes('StretchedBox', 'underlay') }, ...wrapped(1, ...below));
  }

  function wanted() {
    if (!stack.isEmpty()) return 'deck';
    if (!supply.isDry()) return 'searching';
    return onExplore() ? 'explore-exhausted' : 'beacon';
  }

  return {
    update,
    isForced: () => forced !== undefined,
    /** Replaces the deck with an open profile. `close` brings the deck back. */
    open(node) {
      profile = node;
      update();
    },
    close() {
      profile = undefined;
      update();
    },
    /** Leads to an end, whoever is left; undefined leads back. */
    force(name) {
      forced = name;
      if (name) stack.clear();
      else stack.refill();
      update();
    },
    /** The person is signed out: another page, without a load. */
    signOut() {
      forced = 'beacon'; // behind the landing page nothing goes on
      stack.clear();
      history.pushState(null, '', '/');
      app.replaceChildren(landing());
    },
  };
}

const box = (...content) => element('div', { class: classes(...CARD_BOX, 'box') }, ...content);

const stretched = () => [element('div', { class: classes('StretchedBox', 'underlay') })];

/** Explore's navigation. "Back to Explore" is always there, so it says nothing about the deck. */
function navigation() {
  const back = button(
    { class: classes('choice') },
    () => location.assign('/app/explore'),
    '‹',
    element('span', { class: 'Hidden unseen' }, labels.backToExplore),
  );
  return element('nav', { class: classes('nav') }, ...wrapped(1, back, element('h2', {}, 'Night owls')));
}

/** Explore's sheet: always in the document, below the edge of the screen. */
function offscreenSheet() {
  return element(
    'div',
    { class: classes('sheet'), role: 'dialog', 'aria-modal': 'true', style: { transform: 'translateY(100%)' } },
    ...wrapped(1, element('h3', { id: generatedId() }, labels.sheet)),
  );
}
