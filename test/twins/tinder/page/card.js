import { createCarousel } from './carousel.js';
import { button, classes, element, icon } from './dom.js';
import { labels } from './labels.js';
import { openOn } from './open-profile.js';
import { options } from './options.js';

const UP = 'M12 19V5M6 11l6-6 6 6';

/** Years since a date of birth. */
export function ageOf({ birth_date }) {
  const born = new Date(birth_date);
  const now = new Date();
  const before = now.getUTCMonth() * 31 + now.getUTCDate() < born.getUTCMonth() * 31 + born.getUTCDate();
  return now.getUTCFullYear() - born.getUTCFullYear() - (before ? 1 : 0);
}

/**
 * One profile's card.
 *
 * @param {{profile: object, miles: number, index: number, plan: object}} entry
 * @param {(by: string, via: string, event: Event) => void} onDeed
 * @param {number} [start] the photo that is shown first
 */
export function createCard(entry, onDeed, start = 0) {
  const { profile, plan } = entry;
  const { name, bio } = profile;
  const age = ageOf(profile);
  const late = plan.loadDelayMs ?? 0;
  const carousel = createCarousel(profile, {
    start,
    lazyDelayMs: plan.lazyDelayMs,
    firstAfterMs: late,
    onTurn: (by, event) => onDeed(by, 'button', event),
  });
  const heading = element(
    'div',
    { class: classes('headline') },
    element('span', { itemprop: 'name' }, name),
    element('span', { itemprop: 'age' }, String(age)),
  );
  const open = button(
    { class: classes('open') },
    (event) => openProfile(event, 'button'),
    icon(UP),
    element('span', { class: 'Hidden' }, labels.openProfile),
  );
  const about = element(
    'div',
    { class: classes('info') },
    heading,
    bio && element('div', { class: classes('BreakWord', 'bio') }, bio),
    open,
  );
  const gradient = element('div', {
    class: classes('gradient'),
    style: { backgroundImage: 'linear-gradient(rgba(9, 12, 20, 0), rgba(9, 12, 20, 0.9))' },
  });
  const face = element('div', { class: classes('face') }, carousel.node, gradient, about);
  const node = element('div', { class: classes('card'), 'data-keyboard-gamepad': 'true', 'aria-hidden': 'true' }, face);
  let opened;

  function openProfile(event, via) {
    if (opened) return;
    if (event) onDeed('open-profile', via, event);
    opened = openOn({ node, face, entry, age, start: carousel.selected(), onDeed, onClose: closeProfile });
  }

  function closeProfile(event, via) {
    if (!opened) return;
    if (event) onDeed('close-profile', via, event);
    opened.remove();
    opened = undefined;
  }

  return {
    node,
    entry,
    openProfile,
    closeProfile,
    isOpen: () => opened !== undefined,
    selected: () => carousel.selected(),
    step: (by, event, name) => (opened ?? carousel).step(by, event, name),
    /** Puts the card at a place of the stack; only place 0 can be used. */
    place(at) {
      node.setAttribute('aria-hidden', String(at > 0));
      node.inert = at > 0;
      node.style.zIndex = String(10 - at);
      node.style.transform =
        at > 0 ? `translate3d(0px, ${at * 10}px, 0px) scale(${1 - at * 0.04})` : 'translate3d(0px, 0px, 0px)';
    },
    /** Throws the card off the screen, where it lingers. */
    throwOff(direction) {
      closeProfile();
      node.setAttribute('aria-hidden', 'true');
      node.inert = true;
      node.style.zIndex = '20';
      node.style.transition = `transform ${options.animationMs}ms ease-in`;
      const off = { like: '2055px, -64px', nope: '-2055px, -64px', 'super-like': '0px, -2055px' }[direction];
      node.style.transform = `translate3d(${off}, 0px) rotate(${direction === 'like' ? 20 : -20}deg)`;
      setTimeout(() => this.remove(), options.animationMs + options.lingerMs);
    },
    remove() {
      opened?.remove();
      carousel.stop();
      node.remove();
    },
  };
}
