import { button, classes, element, icon } from './dom.js';
import { labels } from './labels.js';

const ICONS = {
  rewind: 'M9 5L4 10l5 5M4 10h10a6 6 0 0 1 0 12h-2',
  nope: 'M6 6l12 12M18 6L6 18',
  'super-like': 'M12 3.5l2.6 5.4 5.9.8-4.3 4.1 1 5.9-5.2-2.8-5.2 2.8 1-5.9-4.3-4.1 5.9-.8z',
  like: 'M12 20s-7.5-4.6-7.5-10A4.3 4.3 0 0 1 12 7.4 4.3 4.3 0 0 1 19.5 10c0 5.4-7.5 10-7.5 10z',
  boost: 'M13 3L5 14h6l-1 7 8-11h-6z',
  'first-impression': 'M4 5h16v11H9l-5 4z',
};

/** What a button is drawn as; First Impressions passes for a Super Like. */
const LOOK = { 'first-impression': 'super-like' };

/**
 * The row of round buttons. What they are says a class name among the others, and a text for screen readers only.
 *
 * @param {(by: string, via: 'button', event: Event) => void} onPress
 */
export function createGamepad(onPress) {
  const wrapped = (by, label, remaining) => {
    const look = LOOK[by] ?? by;
    const named = (part) => `${part}($c-ds-${part === 'C' ? 'icon' : 'border'}-gamepad-sparks-${look}-default)`;
    const made = button(
      { class: classes('gamepad-button', 'Bdrs(50%)', named('Bdc'), named('C'), `look-${look}`) },
      (event) => onPress(by, 'button', event),
      element('span', { class: classes('gamepad-icon-wrapper') }, icon(ICONS[by])),
      element('span', { class: 'Hidden' }, label),
    );
    const wrapper = element('div', { class: classes('gamepad-button-wrapper') }, made);
    if (remaining !== undefined) {
      const count = { class: classes('count'), role: 'img', 'aria-label': labels.remaining(remaining) };
      wrapper.append(element('span', count, String(remaining)));
    }
    return wrapper;
  };
  const superLike = wrapped('super-like', labels.superLike, 0);
  const node = element(
    'div',
    { class: classes('gamepad') },
    wrapped('rewind', labels.rewind),
    wrapped('nope', labels.nope),
    superLike,
    wrapped('like', labels.like),
    wrapped('boost', labels.boost),
  );
  return {
    node,
    /** Adds First Impressions beside the Super Like, whose class it has. */
    addFirstImpressions: () => superLike.after(wrapped('first-impression', labels.firstImpressions, 3)),
  };
}
