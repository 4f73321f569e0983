import { createCarousel } from './carousel.js';
import { button, classes, element, generatedId, icon, wrapped } from './dom.js';
import { labels } from './labels.js';

const DOWN = 'M12 5v14M6 13l6 6 6-6';

/** Is this the deck of one interest, not the one of everybody? */
export const onExplore = () => location.pathname.startsWith('/app/explore');

/**
 * Makes an open profile, which replaces the deck and has its own buttons.
 *
 * @param {{entry: object, age: number | undefined, start: number, onTurn: Function, onClose: Function}} of
 */
export function createOpenProfile({ entry, age, start, onTurn, onClose }) {
  const { profile, miles, plan } = entry;
  const carousel = createCarousel(profile, { open: true, start, plan, onTurn });
  const asked = age === undefined ? '' : labels.digits(age);
  const heading = element(
    'h1',
    { part: 'heading', class: classes('headline'), 'aria-label': labels.headline(profile.name, age ?? '') },
    ...wrapped(1, element('span', {}, profile.name)),
    ...wrapped(1, element('span', { class: classes('years') }, asked)),
  );
  const card = element(
    'div',
    { part: 'profile-card', class: classes('profileCard__card', 'sheetCard') },
    element('div', { class: classes('react-aspect-ratio-placeholder', 'ratio') }, ...wrapped(1, carousel.node)),
    element('div', { class: classes('about') }, ...wrapped(1, ...sections(profile, miles))),
  );
  const node = element(
    'div',
    { class: classes('scroller') },
    element('div', { class: classes('top') }, ...wrapped(2, heading), back(onClose)),
    card,
  );
  return { node, selected: carousel.selected, step: carousel.step, stop: carousel.stop };
}

/** An `<a>` on recs, a `<div role=button>` on explore. */
function back(onClose) {
  const made = onExplore()
    ? element('div', { part: 'back', class: classes('back'), tabindex: '0', role: 'button', ...BACK })
    : element('a', { part: 'back', class: classes('back'), ...BACK, href: '/app/recs' });
  made.append(icon(DOWN), element('span', { class: 'Hidden unseen' }, labels.back));
  made.addEventListener('click', (event) => {
    event.preventDefault();
    onClose(event, 'button');
  });
  return made;
}

const BACK = { 'data-testid': 'profileBackButton' };

function sections({ name, bio, photos }, miles) {
  const text = (words) => element('div', { class: classes('text') }, words);
  const titled = (title, words) => wrapped(2, element('h2', {}, title), text(words));
  const listed = (title, words) => {
    const id = generatedId();
    const items = element('ul', { 'aria-labelledby': id }, element('li', {}, ...wrapped(1, text(words))));
    return element('section', { 'aria-labelledby': id }, ...wrapped(1, element('h2', { id }, title)), items);
  };
  const shared = (word) => button({ class: classes('choice') }, () => {}, `${word} ${name}`);
  return [
    ...wrapped(
      1,
      ...titled(labels.lookingFor, '🎲'),
      ...(bio ? titled(labels.about, bio) : []),
      listed(labels.essentials, labels.distance(miles)),
      listed(labels.interests, `№ ${photos.length}`),
    ),
    shared(labels.share),
    shared(labels.report),
  ];
}
