import { button, classes, element } from '../dom.js';
import { labels } from '../labels.js';
import { inShadow } from './shadow.js';

const inside = (content) => element('div', { role: 'dialog', class: 'inside' }, ...content);

/**
 * Things that cover the page. None is marked as a dialog, or only where selectors don't find the mark. Each returns its node,
 * and what to do once the node is in the document.
 */
export const COVERS = {
  /** In the browser's top layer, without a role. */
  popover(content) {
    const node = element('div', { class: classes('cover'), popover: 'manual' }, ...content);
    return { node, shown: () => node.showPopover() };
  },
  /** The browser's own modal, in its top layer. */
  modal(content) {
    const node = element('dialog', { class: classes('cover') }, ...content);
    return { node, shown: () => node.showModal() };
  },
  /** A dialog with a role, in a shadow root. */
  shadow: (content) => ({ node: element('div', { class: classes('cover') }, inShadow(inside(content))) }),
  /** The same in a closed shadow root. */
  'closed-shadow': (content) => ({
    node: element('div', { class: classes('cover') }, inShadow(inside(content), 'closed')),
  }),
  /** A panel without a role. */
  panel: (content) => ({ node: element('div', { class: classes('cover') }, ...content) }),
  /** A frame. */
  iframe: () => ({ node: element('iframe', { class: classes('cover'), title: 'offer', src: 'about:blank' }) }),
  /** A tooltip inside a button's wrapper. */
  tooltip: (content) => ({ node: element('div', { class: classes('cover', 'tooltip') }, ...content), within: true }),
  /** An invisible element that takes every click. */
  transparent: () => ({ node: element('div', { class: classes('cover', 'unseeable') }) }),
  /** A decoration that lets every click through. */
  harmless: () => ({ node: element('div', { class: classes('cover', 'glitter') }) }),
};

/** The content of a cover: a text and a paid button. */
export function offer(onPress) {
  return [element('p', {}, labels.unknown), button({ class: classes('choice', 'first') }, onPress, labels.unlimited)];
}

/** Places a cover over a button, the middle of the card or of the window, or everything. */
export function placeOver(node, where, targets) {
  const { style } = node;
  if (where === 'all') return void Object.assign(style, { left: '0px', top: '0px', width: '100vw', height: '100vh' });
  const box = targets[where]?.()?.getBoundingClientRect();
  const [x, y] = box ? [box.x + box.width / 2, box.y + box.height / 2] : [innerWidth / 2, innerHeight / 2];
  const [width, height] = box && where !== 'card' ? [box.width + 12, box.height + 12] : [260, 190];
  Object.assign(style, {
    left: `${x - width / 2}px`,
    top: `${y - height / 2}px`,
    width: `${width}px`,
    height: `${height}px`,
  });
}
