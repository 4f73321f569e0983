import { button, classes, element, generatedId, icon, wrapped } from './dom.js';
import { driftedButtons } from './drift/buttons.js';
import { drift } from './drift/drift.js';
import { labels } from './labels.js';

const ICONS = {
  rewind: 'M9 5L4 10l5 5M4 10h10a6 6 0 0 1 0 12h-2',
  nope: 'M6 6l12 12M18 6L6 18',
  'super-like': 'M12 3.5l2.6 5.4 5.9.8-4.3 4.1 1 5.9-5.2-2.8-5.2 2.8 1-5.9-4.3-4.1 5.9-.8z',
  like: 'M12 20s-7.5-4.6-7.5-10A4.3 4.3 0 0 1 12 7.4 4.3 4.3 0 0 1 19.5 10c0 5.4-7.5 10-7.5 10z',
  boost: 'M13 3L5 14h6l-1 7 8-11h-6z',
  'first-impression': 'M4 5h16v11H9l-5 4z',
};

/** The buttons that cost money. Each has a counter except Rewind, which opens an offer. */
export const PAID = ['super-like', 'rewind', 'boost', 'first-impression', 'decoy'];

/** A wrapper without a button, as in the outlines. */
const EMPTY = { by: 'empty' };

/**
 * The buttons of a row, in order: what each is for (`by`), the word in its class (`sparks`), its hidden name, its wrapper's
 * size, and how many are left. First Impressions passes for a Super Like.
 */
function rowOf(isOpen) {
  const superLike = { by: 'super-like', sparks: 'super-like', label: labels.superLike, size: 'small', remaining: 0 };
  return [
    isOpen ? EMPTY : { by: 'rewind', sparks: 'rewind', label: labels.rewind, size: 'small' },
    { by: 'nope', sparks: 'nope', label: labels.nope, size: 'large' },
    superLike,
    { by: 'like', sparks: 'like', label: labels.like, size: 'large' },
    isOpen ? EMPTY : { ...superLike, by: 'first-impression', label: labels.firstImpressions, remaining: 3 },
  ];
}

/**
 * The row of round buttons, of the deck or of an open profile. What they are says a class name among the others, and a text
 * for screen readers only.
 *
 * @param {(by: string, via: 'button', event: Event) => void} onPress
 * @param {boolean} isOpen
 */
export function createGamepad(onPress, isOpen) {
  const specs = driftedButtons(rowOf(isOpen));
  const buttons = specs.map((spec) => wrapperOf(spec, onPress));
  const described = element('p', { class: 'Hidden unseen', id: generatedId() }, labels.firstImpressions);
  const row = element('div', { class: classes('Maw(--recs-card-width)--m', 'padRow') }, ...buttons);
  if (!isOpen) row.insertBefore(described, row.lastElementChild);
  const overlay = { class: classes('Bgi($g-ds-overlay-profile-button-gamepad)', 'pad') };
  const node = element('div', isOpen ? overlay : { class: classes('pad') }, ...wrapped(1, row));
  const second = drift.get('second-row');
  if (second) {
    const again = specs.map((spec) => wrapperOf(spec, onPress));
    node.append(
      element('div', { class: classes('Maw(--recs-card-width)--m', 'padRow', `second-${second.how}`) }, ...again),
    );
  }
  return {
    node,
    /** The wrapper of a button. */
    place: (by) => buttons[specs.findIndex((spec) => spec.by === by)],
    /** Adds Boost at the end, as on some accounts. */
    addBoost: () => row.append(wrapperOf({ ...BOOST, label: labels.boost }, onPress)),
  };
}

const BOOST = { by: 'boost', sparks: 'boost', size: 'small', remaining: 1 };

/** The buttons with a second icon. */
const TWO_ICONS = ['nope', 'super-like', 'like'];

function wrapperOf({ by, sparks, label, size, remaining, look = by, secondIcon = TWO_ICONS.includes(by) }, onPress) {
  const attributes = { part: 'wrapper', class: classes('gamepad-button-wrapper', `pad-${size}`) };
  if (by === 'empty') return element('div', attributes);
  const named = (part, state) =>
    `${part}($${part === 'Bgi' ? 'g' : 'c'}-ds-background-gamepad-sparks-${sparks}-${state})`;
  const counts = remaining !== undefined;
  const icons = [
    element('span', { class: by !== 'rewind' && classes('gamepad-icon-wrapper') }, icon(ICONS[look] ?? ICONS.boost)),
    secondIcon && element('span', { class: classes('gamepad-2nd-icon-wrapper') }),
    !drift.get('no-names') && element('span', { part: 'hidden-name', class: 'Hidden unseen' }, label),
  ];
  const disabled = drift.all('disabled').find((change) => change.by === by)?.attribute;
  const made = button(
    {
      ...(disabled && { [disabled]: 'true' }),
      part: by === 'like' || by === 'nope' ? by : 'paid',
      class: classes('gamepad-button', named('Bgc', 'default'), `${named('Bgi', 'pressed')}:a`, 'round', `hue-${look}`),
    },
    (event) => onPress(by, 'button', event),
    ...icons,
  );
  if (!counts) return element('div', attributes, made);
  const counter = element(
    'span',
    {
      part: 'counter',
      class: classes('StretchedBox', `Bgc($c-ds-background-gamepad-sparks-${sparks}-default)`, 'count'),
      'aria-label': labels.remaining(remaining),
      role: 'img',
    },
    labels.digits(remaining),
  );
  return element('div', attributes, ...wrapped(2, ...wrapped(1, made), counter));
}
