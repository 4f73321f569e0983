import { element } from './card.js';

const HEART = 'a7 7 0 0 1 12-5 7 7 0 0 1 12 5c0 9-12 16-12 16s-12-7-12-16z';

/**
 * Shows that a like is mutual. While the dialog is open, the rest of the page is inert and the dialog gets the keys.
 *
 * @param {HTMLElement} page the page behind the dialog
 * @param {string} name the person who liked back
 * @param {(event: Event, input: 'button' | 'key') => void} onDismiss
 */
export function showMatch(page, name, onDismiss) {
  const button = element('button', { type: 'button', 'data-demo': 'dismiss' }, 'Keep swiping');
  const title = element('h2', { id: 'match-title' }, 'It’s mutual');
  const text = element('p', { id: 'match-text' }, `${name} liked you back.`);
  const dialog = element(
    'div',
    {
      class: 'match',
      role: 'dialog',
      'aria-modal': 'true',
      'data-demo': 'match',
      'aria-labelledby': title.id,
      'aria-describedby': text.id,
    },
    hearts(),
    title,
    text,
    button,
  );
  const veil = element('div', { class: 'veil' }, dialog);
  const before = document.activeElement;

  function dismiss(event, input) {
    veil.remove();
    page.inert = false;
    if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    onDismiss(event, input);
  }

  button.addEventListener('click', (event) => dismiss(event, 'button'));
  veil.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') dismiss(event, 'key');
    if (event.key === 'Tab') event.preventDefault(); // the button is the only focusable element
  });
  page.inert = true;
  document.body.append(veil);
  button.focus({ preventScroll: true });
}

function hearts() {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 48 32');
  svg.setAttribute('class', 'hearts');
  svg.setAttribute('aria-hidden', 'true');
  for (const start of ['M18 10', 'M4 8']) {
    const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
    path.setAttribute('d', start + HEART);
    svg.append(path);
  }
  return svg;
}
