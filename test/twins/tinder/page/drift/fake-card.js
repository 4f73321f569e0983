import { classes, element } from '../dom.js';
import { labels } from '../labels.js';
import { options } from '../options.js';

/** The contents of fake cards. Each shares something with a real card and lacks something. */
const FACES = {
  /** An advertisement. */
  promo: () => [element('h2', {}, labels.unlimited), element('p', {}, labels.outOfLikesText)],
  /** A photo without a carousel. */
  blurred: () => [photo(), element('div', { class: classes('headline') }, element('span', { itemprop: 'name' }, '?'))],
  /** A carousel that has neither tabs nor slides, and no age. */
  bare: () => [
    element('section', { class: classes('carousel'), 'aria-roledescription': 'carousel' }, photo()),
    element('div', { class: classes('headline') }, element('span', { itemprop: 'name' }, 'Someone')),
  ],
  /** One tab, one slide and one photo, without a name. */
  nameless() {
    const slide = { class: classes('keen-slider__slide', 'slide'), id: 'carousel-item-0', role: 'tabpanel' };
    const tab = { role: 'tab', type: 'button', 'aria-controls': 'carousel-item-0', 'aria-selected': 'true' };
    return [
      element(
        'section',
        { class: classes('carousel'), 'aria-roledescription': 'carousel' },
        element('div', { role: 'tablist', class: classes('bullets') }, element('button', tab)),
        element('div', { class: classes('keen-slider', 'slides') }, element('div', slide, photo())),
      ),
    ];
  },
};

const photo = () =>
  element('div', {
    class: classes('StretchedBox', 'sentry-block', 'photo', 'blurred'),
    role: 'img',
    style: { backgroundImage: `url("${options.matches[0] ?? ''}")` },
  });

/** Makes a card on top of the deck that shows no real profile. */
export function createFakeCard(how) {
  const attributes = { 'data-keyboard-gamepad': 'true', 'aria-hidden': 'false' };
  const node = element(
    'div',
    { class: classes('StretchedBox', 'card', 'fake'), ...attributes },
    element('div', { class: classes('face') }, ...FACES[how]()),
  );
  const profile = { _id: '', name: '', photos: [] };
  return {
    node,
    shell: () => node,
    entry: { fake: true, index: null, profile, plan: {} },
    openProfile() {},
    closeProfile() {},
    isOpen: () => false,
    selected: () => 0,
    step() {},
    place: (at) => {
      node.style.zIndex = String(10 - at);
    },
    throwOff: () => node.remove(),
    remove: () => node.remove(),
  };
}
