import { drift } from './drift/drift.js';

const parts = new WeakMap();

/**
 * Makes an element with attributes and children. `style` takes properties, since the page allows no inline styles. `part`
 * names the element for the drift suite and isn't an attribute.
 */
export function element(tag, { style = {}, part, ...attributes } = {}, ...children) {
  const made = document.createElement(tag);
  if (part) parts.set(made, part);
  for (const [name, value] of Object.entries(attributes)) set(made, name, value);
  Object.assign(made.style, style);
  made.append(...children.filter((child) => child !== undefined && child !== false));
  return made;
}

/** Sets an attribute, or removes it if the value is false or undefined or if drift drops it from this part. */
export function set(node, name, value) {
  if (value === undefined || value === false || drift.drops(parts.get(node), name)) node.removeAttribute(name);
  else node.setAttribute(name, name === 'class' ? drift.renamed(value) : value === true ? '' : value);
}

/** Makes a button with a click handler. */
export function button(attributes, onClick, ...children) {
  const made = element('button', { type: 'button', ...attributes }, ...children);
  made.addEventListener('click', (event) => {
    onClick(event);
    if (event.detail > 0) made.blur(); // a mouse click leaves the keys to the page
  });
  return made;
}

/** Nests children in as many plain elements as the outlines leave out. */
export function wrapped(depth, ...children) {
  return depth === 0 ? children : [element('div', { class: classes() }, ...wrapped(depth - 1, ...children))];
}

let made = 0;

/** Class names as a build makes them: new ones with each render, so that nobody can hold on to them. */
export function classes(...own) {
  made += 1;
  const generated = `c${((made * 2654435761) >>> 0).toString(36)}`;
  return ['D(b)', 'Fxs(0)', generated, ...own].filter(Boolean).join(' ');
}

/** An id as React makes them. */
export function generatedId() {
  made += 1;
  return `:r${made.toString(36)}:`;
}

/** A picture of one path, 24 by 24. */
export function icon(path) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  const line = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  line.setAttribute('d', path);
  svg.append(line);
  return svg;
}
