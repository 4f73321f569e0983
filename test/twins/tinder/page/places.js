import { button, classes, element } from './dom.js';
import { labels } from './labels.js';
import { options } from './options.js';

/** Neither a dialog nor a deck: what stands in the deck's place, by name. */
export const ENDS = {
  /** Still looking for people. */
  searching: () =>
    element(
      'div',
      { class: classes('end') },
      element('div', { class: classes('beacon') }),
      element('output', { 'aria-busy': 'true' }, labels.searching),
    ),
  /** Nobody is left; it looks the same but for the word. */
  beacon: () =>
    element(
      'div',
      { class: classes('end') },
      element('div', { class: classes('beacon') }),
      element('output', { 'aria-busy': 'true' }, labels.nobody),
    ),
  'explore-exhausted': () =>
    element(
      'div',
      { class: classes('end') },
      element('p', {}, labels.allSeen),
      button({ class: classes('choice', 'first') }, () => location.assign('/app/explore'), labels.backToExplore),
    ),
};

/** What lies over the page without being a dialog, by name. */
export const LAYERS = {
  challenge() {
    const frame = element('iframe', {
      title: labels.challenge,
      src: 'https://client-api.arkoselabs.com/fc/gc/?token=twin',
    });
    return element('div', { class: classes('veil') }, element('div', { class: classes('challenge') }, frame));
  },
  'consent-layer'() {
    const layer = element('div', { id: 'sp_message_container_123', class: classes('consent') });
    const gone = () => layer.remove();
    layer.append(
      element('p', {}, labels.consent),
      button({ class: classes('choice') }, gone, labels.manage),
      button({ class: classes('choice', 'first') }, gone, labels.acceptAll),
    );
    return layer;
  },
};

/** What a signed-out person sees. */
export function landing() {
  return element(
    'main',
    { class: classes('landing') },
    element('h1', {}, labels.landing),
    element('a', { class: classes('choice', 'first'), href: '/app/recs' }, labels.createAccount),
    element('a', { class: classes('choice'), href: '/app/recs' }, labels.logIn),
  );
}

/** The column beside the deck: earlier matches, whose photos have addresses of the older form. */
export function sidebar() {
  const tiles = options.matches.map((url) =>
    element('div', { class: classes('tile'), role: 'img', style: { backgroundImage: `url("${url}")` } }),
  );
  return element(
    'aside',
    { class: classes('side') },
    element('div', { class: classes('brand') }, element('span', {}, 'twin')),
    element('h2', {}, labels.matches),
    element('div', { class: classes('tiles') }, ...tiles),
    element('h2', {}, labels.messages),
    ...Array.from({ length: 3 }, () => element('div', { class: classes('row') }, element('i'), element('b'))),
  );
}
