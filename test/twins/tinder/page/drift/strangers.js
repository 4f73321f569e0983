import { classes, element } from '../dom.js';
import { options } from '../options.js';

/** Makes a small carousel of earlier matches with the structure of a card's carousel. */
export function strangers() {
  const urls = options.matches.slice(0, 2);
  const tabs = urls.map((_, at) =>
    element('button', {
      class: classes('bullet', at === 0 && 'current'),
      type: 'button',
      role: 'tab',
      'aria-controls': `carousel-item-${at}`,
      'aria-selected': String(at === 0),
    }),
  );
  const slides = urls.map((url, at) => {
    const photo = { class: classes('sentry-block', 'photo'), role: 'img', style: { backgroundImage: `url("${url}")` } };
    return element(
      'div',
      {
        class: classes('keen-slider__slide', 'slide'),
        id: `carousel-item-${at}`,
        role: 'tabpanel',
        'aria-hidden': String(at > 0),
        style: { visibility: at > 0 ? 'hidden' : '' },
      },
      element('div', photo),
    );
  });
  return element(
    'section',
    { class: classes('tappable-view', 'carousel', 'strangers'), 'aria-roledescription': 'carousel' },
    element('div', { class: classes('bullets'), role: 'tablist' }, ...tabs),
    element('div', { class: classes('keen-slider', 'slides') }, ...slides),
  );
}
