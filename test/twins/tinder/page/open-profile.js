import { createCarousel } from './carousel.js';
import { classes, element, icon } from './dom.js';
import { labels } from './labels.js';

const DOWN = 'M12 5v14M6 13l6 6 6-6';

/** Is this the deck of one interest, not the one of everybody? */
export const onExplore = () => location.pathname.startsWith('/app/explore');

/**
 * Opens a profile in full: in the place of its card's face; on explore outside of the stack, whose card stays active.
 *
 * @param {{node: Element, face: Element, entry: object, age: number, start: number, onDeed: Function, onClose: Function}} of
 */
export function openOn({ node, face, entry, age, start, onDeed, onClose }) {
  const { profile, miles } = entry;
  const carousel = createCarousel(profile, {
    photoClass: 'profileCard__slider__img',
    start,
    lazyDelayMs: entry.plan.lazyDelayMs,
    onTurn: (by, event) => onDeed(by, 'button', event),
  });
  const outside = onExplore();
  const back = outside
    ? element('div', { class: classes('back'), role: 'button', tabindex: '0', 'data-testid': 'profileBackButton' })
    : element('a', { class: classes('back'), href: '/app/recs', 'data-testid': 'profileBackButton' });
  back.append(icon(DOWN), element('span', { class: 'Hidden' }, labels.back));
  back.addEventListener('click', (event) => {
    event.preventDefault();
    onClose(event, 'button');
  });
  const section = (title, text) =>
    element('section', {}, element('h2', {}, title), element('div', { class: classes('text') }, text));
  const open = element(
    'div',
    { class: classes('profileCard', outside && 'outside') },
    element('div', { class: classes('profileCard__slider') }, carousel.node, back),
    element(
      'div',
      { class: classes('profileContent') },
      element(
        'h1',
        { 'aria-label': labels.headline(profile.name, age) },
        element('span', {}, profile.name),
        element('span', { class: 'years' }, String(age)),
      ),
      ...(profile.bio ? [section(labels.about, profile.bio)] : []),
      section(labels.essentials, labels.distance(miles)),
    ),
  );
  if (outside) node.closest('main').append(open);
  else face.replaceWith(open);
  return {
    step: carousel.step,
    remove() {
      carousel.stop();
      if (outside) open.remove();
      else open.replaceWith(face);
    },
  };
}
