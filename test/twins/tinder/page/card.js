import { createCarousel } from './carousel.js';
import { button, classes, element, set } from './dom.js';
import { drift } from './drift/drift.js';
import { maybeInShadow } from './drift/shadow.js';
import { strangers } from './drift/strangers.js';
import { labels } from './labels.js';
import { createOpenProfile } from './open-profile.js';
import { options } from './options.js';

/** The stamps that appear during a drag are always in the page. */
const STAMP = 'data:image/svg+xml,%3Csvg xmlns="http://www.w3.org/2000/svg"/%3E';

/** The outer element of a card. */
export const createShell = () =>
  element('div', {
    part: 'card',
    class: classes('StretchedBox', 'card'),
    'data-keyboard-gamepad': 'true',
    'aria-hidden': 'true',
    inert: true,
  });

/** The attributes of an active card, for an element inside a card. */
const NESTED = { 'data-keyboard-gamepad': 'true', 'aria-hidden': 'false' };

/** Years since a date of birth; undefined where there is none. */
export function ageOf({ birth_date }) {
  if (!birth_date) return undefined;
  const born = new Date(birth_date);
  const now = new Date();
  const before = now.getUTCMonth() * 31 + now.getUTCDate() < born.getUTCMonth() * 31 + born.getUTCDate();
  return now.getUTCFullYear() - born.getUTCFullYear() - (before ? 1 : 0);
}

/**
 * One profile's card, and the profile in full where it is opened.
 *
 * @param {{profile: object, miles: number, index: number, plan: object}} entry
 * @param {(by: string, via: string, event: Event) => void} onDeed
 * @param {{open: (profile: Element) => void, close: () => void}} surface where an open profile stands
 * @param {number} [start] the photo that is shown first
 */
export function createCard(entry, onDeed, surface, start = 0) {
  const { profile, plan, miles } = entry;
  const { name, bio } = profile;
  const age = ageOf(profile);
  const onTurn = (by, event) => onDeed(by, 'button', event);
  const carousel = createCarousel(profile, { start, plan, firstAfterMs: plan.loadDelayMs ?? 0, onTurn });
  const heading = element(
    'div',
    { class: classes('headline') },
    element('span', { part: 'name', itemprop: 'name' }, name),
    age !== undefined && element('span', { part: 'age', itemprop: 'age' }, labels.digits(age)),
    element('span', { class: 'Hidden unseen' }, labels.openProfile),
  );
  const info = button(
    { part: 'info', class: classes('info'), tabindex: '0', role: 'button' },
    (event) => openProfile(event, 'button'),
    heading,
    element('div', { class: classes('where'), itemprop: 'homeLocation' }, labels.distance(miles)),
    bio && element('div', { part: 'bio', class: classes('BreakWord', 'bio') }, bio),
  );
  const gradient = element('div', {
    class: classes('gradient'),
    style: { backgroundImage: 'linear-gradient(rgba(9, 12, 20, 0), rgba(9, 12, 20, 0.9))' },
  });
  const stamps = Array.from({ length: 3 }, () => element('img', { class: classes('stamp'), src: STAMP, alt: '' }));
  const face = element(
    'div',
    { class: classes('face'), ...(drift.get('actives')?.how === 'nested' && NESTED) },
    drift.get('extra-carousel')?.at === 'before' && strangers(),
    maybeInShadow('carousel', carousel.node),
    gradient,
    info,
    drift.get('extra-carousel')?.at === 'after' && strangers(),
    ...stamps,
  );
  let node = createShell();
  node.append(face);
  const outer = maybeInShadow('card', node);
  let opened;

  function openProfile(event, via) {
    if (opened) return;
    if (event) onDeed('open-profile', via, event);
    opened = createOpenProfile({ entry, age, start: carousel.selected(), onTurn, onClose: closeProfile });
    surface.open(opened.node);
  }

  function closeProfile(event, via) {
    if (!opened) return;
    if (event) onDeed('close-profile', via, event);
    opened.stop();
    opened = undefined;
    surface.close();
  }

  return {
    node: outer,
    /** The outer element at the moment. It changes if cards are recycled. */
    shell: () => node,
    entry,
    openProfile,
    closeProfile,
    isOpen: () => opened !== undefined,
    selected: () => (opened ?? carousel).selected(),
    step: (by, event, name) => (opened ?? carousel).step(by, event, name),
    /** Moves the card's content into another outer element. */
    moveInto(shell) {
      node = shell;
      node.style.transition = '';
      node.replaceChildren(face);
    },
    /** Puts the card at a place of the stack; only place 0 can be used. */
    place(at) {
      const active = at === 0 || (drift.get('actives')?.how === 'below' && at === 1);
      set(node, 'aria-hidden', String(!active));
      set(node, 'inert', !active);
      node.style.zIndex = String(10 - at);
      node.style.transform =
        at > 0
          ? `translate3d(0px, ${at * 10}px, 0px) rotate(0deg) scale(${1 - at * 0.04})`
          : 'translate3d(0px, 0px, 0px) rotate(0deg) scale(1, 1)';
    },
    /** Throws the card off the screen, where it lingers. */
    throwOff(direction) {
      closeProfile();
      const stays = drift.get('actives')?.how === 'thrown';
      set(node, 'aria-hidden', String(!stays));
      set(node, 'inert', !stays);
      node.style.zIndex = '20';
      node.style.transition = `transform ${options.animationMs}ms ease-in`;
      const off = { like: '2055px, -64px', nope: '-2055px, -64px', 'super-like': '0px, -2055px' }[direction];
      node.style.transform = `translate3d(${off}, 0px) rotate(${direction === 'like' ? 20 : -20}deg)`;
      setTimeout(() => this.remove(), options.animationMs + options.lingerMs);
    },
    remove() {
      closeProfile();
      carousel.stop();
      outer.remove();
    },
  };
}
