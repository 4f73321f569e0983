import { button, classes, element } from '../dom.js';
import { labels } from '../labels.js';
import { inShadow } from './shadow.js';

const inside = (content) => element('div', { role: 'dialog', class: 'inside' }, ...content);

/**
 * Things that come to lie over the page: none calls itself what a dialog is known by, or it does so where nobody looks. Each
 * gives its node, and what is to be done once that is in the document.
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
  /** A dialog with its role, in a shadow tree. */
  shadow: (content) => ({ node: element('div', { class: classes('cover') }, inShadow(inside(content))) }),
  /** The same in a shadow tree that no script looks into. */
  'closed-shadow': (content) => ({
    node: element('div', { class: classes('cover') }, inShadow(inside(content), 'closed')),
  }),
  /** A panel that says nothing of itself. */
  panel: (content) => ({ node: element('div', { class: classes('cover') }, ...content) }),
  /** Nobody sees it, and it takes every click. */
  transparent: () => ({ node: element('div', { class: classes('cover', 'unseeable') }) }),
  /** Drawn over the page, and clicks go through it: it is in nobody's way. */
  harmless: () => ({ node: element('div', { class: classes('cover', 'glitter') }) }),
};

/** What a cover holds: a word, and a button that costs money. */
export function offer(onPress) {
  return [element('p', {}, labels.unknown), button({ class: classes('choice', 'first') }, onPress, labels.unlimited)];
}

/** Puts a cover where it is to lie: over a button, in the middle of the card or of the window, or over everything. */
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
