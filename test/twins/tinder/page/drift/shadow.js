import { element } from '../dom.js';
import { drift } from './drift.js';

let sheet;

/** Copies the page's styles for a shadow root. */
function pageStyles() {
  if (sheet) return sheet;
  const rules = [...document.styleSheets].flatMap((one) => [...one.cssRules].map(({ cssText }) => cssText));
  sheet = new CSSStyleSheet();
  sheet.replaceSync(rules.join('\n'));
  return sheet;
}

/** Moves an element into its own shadow root and returns the host, which has no box of its own. */
export function inShadow(node, mode = 'open') {
  const host = element('div', { class: 'host' });
  const root = host.attachShadow({ mode });
  root.adoptedStyleSheets = [pageStyles()];
  root.append(node);
  return host;
}

/** Moves a part of the page into a shadow root if drift says so. */
export function maybeInShadow(part, node) {
  const change = drift.all('shadow').find((one) => one.part === part);
  return change ? inShadow(node, change.mode) : node;
}
