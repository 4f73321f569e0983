import { button, classes, element, generatedId, wrapped } from './dom.js';
import { labels } from './labels.js';

/** The list of the site's keys below the deck. It has the words of the buttons but isn't clickable. */
export function createToolbar(isOpen) {
  const [shown, hidden, list] = [generatedId(), generatedId(), generatedId()];
  const tips = [labels.nope, labels.like, labels.openProfile, labels.closeProfile, labels.superLike, labels.next].map(
    (tip) =>
      element(
        'li',
        { class: classes('recsToolbar__tip'), id: generatedId() },
        ...wrapped(1, element('span', { 'aria-hidden': 'true' }, tip)),
        element('span', { class: 'Hidden unseen' }, tip),
      ),
  );
  const toggle = {
    'aria-expanded': String(isOpen),
    'aria-controls': list,
    'aria-labelledby': `${shown} ${hidden}`,
    id: generatedId(),
    class: 'tipToggle',
  };
  return element(
    'div',
    { class: classes('recsToolbar', isOpen && 'recsToolbar--open', 'toolbar') },
    button(
      toggle,
      () => {},
      element('span', { id: shown }, isOpen ? labels.hide : labels.show),
      element('span', { id: hidden, class: 'Hidden unseen' }, labels.next),
    ),
    element(
      'section',
      { id: list, 'aria-label': labels.sheet, 'aria-hidden': String(!isOpen), class: classes(!isOpen && 'folded') },
      element('ul', { class: classes('recsToolbar__tips__inner', 'tips'), 'aria-label': labels.sheet }, ...tips),
    ),
  );
}
