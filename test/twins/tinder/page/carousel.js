import { later } from './busy.js';
import { button, classes, element, generatedId, set } from './dom.js';
import { drift } from './drift/drift.js';
import { labels } from './labels.js';
import { mediaOf } from './media.js';
import { options } from './options.js';

/** The profiles that have shown a photo or video, in whichever carousel. */
const pictured = new WeakSet();

/** Has this profile shown a photo or video so far? */
export const isPictured = (profile) => pictured.has(profile);

/**
 * The photos of a profile, one slide each; their ids are the same in every carousel of the page. Only the slide that is
 * turned to gets its photo, a moment after the tab.
 *
 * @param {object} profile as the API gave it
 * @param {{open?: boolean, start: number, plan: object, firstAfterMs?: number, onTurn?: Function}} how
 */
export function createCarousel(profile, { open = false, start, plan, firstAfterMs = 0, onTurn }) {
  const { name, photos } = profile;
  const sliderId = generatedId();
  const slides = photos.map((_, at) =>
    element('div', {
      part: 'slide',
      class: classes('keen-slider__slide', 'slide'),
      id: `carousel-item-${at}`,
      'aria-label': labels.slide(at + 1, photos.length + (drift.get('slide-labels')?.change ?? 0)),
      'aria-roledescription': 'slide',
      role: 'tabpanel',
      style: { transform: 'translate3d(0px, 0px, 0px)' },
    }),
  );
  const tabs = Array.from({ length: tabCount(photos.length) }, (_, at) =>
    button(
      {
        part: 'tab',
        class: classes('bullet'),
        'aria-label': labels.tab(at + 1),
        'aria-controls': `carousel-item-${at}`,
        role: 'tab',
      },
      (event) => turn(at, event, 'tab'),
    ),
  );
  const arrow = (by, step, label) =>
    button(
      {
        part: by,
        class: classes('tappable-view:h_Op(1)', 'arrow', by),
        'aria-label': label,
        'aria-controls': sliderId,
      },
      (event) => turn(selected + step, event, by),
    );
  const previous = arrow('previous-photo', -1, labels.previous);
  const next = arrow('next-photo', 1, labels.next);
  const slider = element('div', {
    part: 'slider',
    class: classes(open && 'profileCard__slider', 'keen-slider', 'slides'),
    dir: 'ltr',
    'aria-live': 'polite',
    id: sliderId,
  });
  const bullets = { part: 'tablist', class: classes('bullets'), 'aria-label': name, role: 'tablist' };
  const node = element(
    'section',
    {
      part: 'carousel',
      class: classes('tappable-view', 'carousel'),
      'aria-label': labels.photosOf(name),
      'aria-roledescription': 'carousel',
    },
    tabs.length > 0 && element('div', bullets, ...tabs),
    slider,
    previous,
    next,
  );
  const virtual = drift.get('virtual-slides');
  let selected = -1;
  let stop = () => {};
  if (!virtual) slider.append(...slides);

  function turn(to, event, by) {
    if (to < 0 || to >= photos.length || to === selected) return;
    if (event) onTurn?.(by, event);
    const isFirst = selected === -1;
    selected = to;
    for (const [at, tab] of tabs.entries()) {
      set(tab, 'aria-selected', String(at === to));
      set(tab, 'tabindex', at === to ? '0' : '-1');
      tab.classList.toggle('current', at === to);
    }
    for (const [at, slide] of slides.entries()) {
      set(slide, 'aria-hidden', String(at !== to));
      slide.style.visibility = at === to ? '' : 'hidden';
      if (at !== to && !options.keepPhotos) slide.replaceChildren();
    }
    if (virtual) slider.replaceChildren(...slides.slice(Math.max(0, to - 1), to + 2));
    if (virtual?.recycled) for (const [at, slide] of slides.entries()) set(slide, 'id', `carousel-item-${at % 3}`);
    set(previous, 'disabled', to === 0);
    set(next, 'disabled', to === photos.length - 1);
    stop();
    if (plan.neverShown === 'all' || plan.neverShown % photos.length === to) return;
    const fill = () => {
      pictured.add(profile);
      if (slides[to].childElementCount === 0) slides[to].append(...mediaOf(photos[to], to, open));
    };
    const delayMs = isFirst ? firstAfterMs : (plan.lazyDelayMs ?? options.lazyDelayMs);
    if (delayMs > 0) stop = later(fill, delayMs);
    else fill();
  }

  turn(start);
  return {
    node,
    selected: () => selected,
    step: (by, event, name) => turn(selected + by, event, name),
    stop: () => stop(),
  };
}

function tabCount(photos) {
  const change = drift.get('tabs')?.change;
  if (change === 'none') return 0;
  if (photos === 1 && !options.soloTab) return 0;
  return Math.max(0, photos + (change ?? 0));
}
