import { button, classes, element, generatedId } from './dom.js';
import { labels } from './labels.js';
import { options } from './options.js';

/**
 * The photos of a profile, one slide each; their ids are the same in every carousel of the page. Only the slide that is
 * turned to gets its photo, a moment after the tab.
 *
 * @param {object} profile as the API gave it
 * @param {{photoClass?: string, start: number, lazyDelayMs?: number, firstAfterMs?: number, onTurn?: Function}} how
 */
export function createCarousel(profile, { photoClass = '', start, lazyDelayMs, firstAfterMs = 0, onTurn }) {
  const { name, photos } = profile;
  const sliderId = generatedId();
  const slides = photos.map((_, at) =>
    element('div', {
      class: classes('keen-slider__slide', 'slide'),
      id: `carousel-item-${at}`,
      role: 'tabpanel',
      'aria-label': labels.slide(at + 1, photos.length),
    }),
  );
  const shown = photos.length > 1 || options.soloTab ? photos : [];
  const tabs = shown.map((_, at) =>
    button(
      {
        class: classes('bullet'),
        role: 'tab',
        'aria-controls': `carousel-item-${at}`,
        'aria-label': labels.tab(at + 1),
      },
      (event) => turn(at, event, 'tab'),
    ),
  );
  const arrow = (by, step, label) =>
    button({ class: classes('arrow', by), 'aria-label': label, 'aria-controls': sliderId }, (event) =>
      turn(selected + step, event, by),
    );
  const previous = arrow('previous-photo', -1, labels.previous);
  const next = arrow('next-photo', 1, labels.next);
  const node = element(
    'section',
    { class: classes('carousel'), 'aria-roledescription': 'carousel', 'aria-label': labels.photosOf(name) },
    element('div', { class: classes('bullets'), role: 'tablist' }, ...tabs),
    element('div', { class: classes('keen-slider', 'slides'), id: sliderId }, ...slides),
    previous,
    next,
  );
  let selected = -1;
  let timer;

  function turn(to, event, by) {
    if (to < 0 || to >= photos.length || to === selected) return;
    if (event) onTurn?.(by, event);
    const isFirst = selected === -1;
    selected = to;
    for (const [at, slide] of slides.entries()) {
      slide.setAttribute('aria-hidden', String(at !== to));
      tabs[at]?.setAttribute('aria-selected', String(at === to));
      if (at !== to && !options.keepPhotos) slide.replaceChildren();
    }
    previous.disabled = to === 0;
    next.disabled = to === photos.length - 1;
    clearTimeout(timer);
    const fill = () => slides[to].childElementCount > 0 || slides[to].append(...mediaOf(photos[to], to, photoClass));
    const delayMs = isFirst ? firstAfterMs : (lazyDelayMs ?? options.lazyDelayMs);
    if (delayMs > 0) timer = setTimeout(fill, delayMs);
    else fill();
  }

  turn(start);
  return {
    node,
    selected: () => selected,
    step: (by, event, name) => turn(selected + by, event, name),
    stop: () => clearTimeout(timer),
  };
}

function mediaOf(photo, at, photoClass) {
  const shade = element('div', {
    class: classes('shade'),
    style: { backgroundImage: 'linear-gradient(rgba(0, 0, 0, 0.35), transparent 18%)' },
  });
  if (photo.media_type === 'video') {
    const source = element('source', { src: photo.processedVideos[0].url, type: 'video/mp4' });
    const video = element('video', { class: classes('video'), loop: true, muted: true, playsinline: true }, source);
    video.preload = 'none'; // the twin has no moving pictures
    return [video, shade];
  }
  const { url } = photo.processedFiles.find(({ width }) => width === 640);
  const node = element('div', {
    class: classes('sentry-block', 'photo', photoClass),
    role: 'img',
    'aria-label': labels.photo(at + 1),
    style: { backgroundImage: `url("${url}")`, backgroundPosition: '50% 50%' },
  });
  return [node, shade];
}
