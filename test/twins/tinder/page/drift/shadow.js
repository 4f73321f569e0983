import { element } from '../dom.js';
import { drift } from './drift.js';

let sheet;

/** The page's styles, for a tree that they do not reach. */
function pageStyles() {
  if (sheet) return sheet;
  const rules = [...document.styleSheets].flatMap((one) => [...one.cssRules].map(({ cssText }) => cssText));
  sheet = new CSSStyleSheet();
  sheet.replaceSync(rules.join('\n'));
  return sheet;
}

/** Puts an element into a shadow tree of its own, and gives the host, which takes no room itself. */
export function inShadow(node, mode = 'open') {
  const host = element('div', { class: 'host' });
  const root = host.attachShadow({ mode });
  root.adoptedStyleSheets = [pageStyles()];
  root.append(node);
  return host;
}

/** Puts a part of the page into a shadow tree if that is where it moved. */
export function maybeInShadow(part, node) {
  const change = drift.all('shadow').find((one) => one.part === part);
  return change ? inShadow(node, change.mode) : node;
}
