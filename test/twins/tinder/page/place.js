import { button, classes, element, generatedId, wrapped } from './dom.js';
import { labels } from './labels.js';
import { onExplore } from './open-profile.js';
import { ENDS, landing } from './places.js';
import { createToolbar } from './toolbar.js';

const CARD_BOX = ['H(--recs-card-height)--ml', 'Maw(--recs-card-width)--ml'];

/**
 * What stands in `<main>`: the deck, an open profile in its place (then it holds no card and no deck), or one of the ends.
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

  /** What the outlines have below an open profile: a card's box and its toolbar, with nothing in them. */
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
    /** Puts an open profile in the deck's place, and takes it away again. */
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

/** Explore's navigation: the way back is there all the time, so it says nothing of the deck. */
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
