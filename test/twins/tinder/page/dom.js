/** Makes an element with attributes and children; `style` takes properties, since the page allows no inline styles. */
export function element(tag, { style = {}, ...attributes } = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) made.setAttribute(name, value === true ? '' : value);
  }
  Object.assign(made.style, style);
  made.append(...children);
  return made;
}

/** A button with what happens at a click. */
export function button(attributes, onClick, ...children) {
  const made = element('button', { type: 'button', ...attributes }, ...children);
  made.addEventListener('click', (event) => {
    onClick(event);
    if (event.detail > 0) made.blur(); // a mouse click leaves the keys to the page
  });
  return made;
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
