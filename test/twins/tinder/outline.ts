import { readFileSync } from 'node:fs';

/**
 * The outlines of saved pages (May 2026) that the twin's pages must match. They leave out plain wrappers. Where that allows two
 * readings, an empty `<div>` marks ours: the row of buttons is outside the cards, and the text of an open profile is beside the
 * box of its photos.
 */
export const OUTLINES = ['closed-profile', 'open-profile', 'explore-open-profile', 'upsell-dialog'] as const;

/** See {@link OUTLINES}. */
export type OutlineName = (typeof OUTLINES)[number];

/** An element that a selector could use: its tag and anchors, and how many such elements contain it. */
interface Line {
  readonly depth: number;
  readonly text: string;
}

/** Attributes that a selector could use. */
const ATTRIBUTES = [
  'role',
  'data-testid',
  'data-keyboard-gamepad',
  'itemprop',
  'inert',
  'aria-label',
  'aria-hidden',
  'aria-modal',
  'aria-live',
  'aria-controls',
  'aria-roledescription',
  'aria-selected',
  'aria-labelledby',
  'dir',
  'id',
  'alt',
];

/** Class names with a meaning. All others are generated. */
const CLASSES =
  /^(StretchedBox|keen-slider|recs|gamepad|profileCard|tappable-view|sentry-block|Hidden|react-|H\(--|Maw\(--|Bgc\(\$|Bgi\(\$)/;

/** Known labels. Any other label counts as text. */
const LABELS = /^(Card stack|Name's photos|(Profile )?Photo N|N of N|N remaining|(Previous|Next) Photo)$/;

/** Elements that differ between profiles or mean nothing, left out with their contents. */
const LEFT_OUT = /^(h2|h3|ul|hr|section aria-labelledby\S*|div itemprop\S*|p) /;

/** Lists an outline's elements as indented lines. Equal neighbors are merged. */
export function outlineOf(name: OutlineName): string[] {
  const text = readFileSync(new URL(`outlines/${name}.txt`, import.meta.url), 'utf8');
  const elements = text.split('\n').flatMap((line): ListedElement[] => {
    const [, indent = '', tag, rest = ''] = /^( *)<(\w+) ?(.*)>$/.exec(line) ?? [];
    if (!tag) return [];
    const attributes = [...rest.matchAll(/([\w-]+)(?:="([^"]*)")?/g)].map(([, key, value = '']) => [key!, value]);
    return [{ level: indent.length, tag, attributes: Object.fromEntries(attributes) }];
  });
  return outlineOfPage(elements);
}

/** Lists a page's elements in the same form, from what {@link listElements} returned. */
export function outlineOfPage(elements: readonly ListedElement[]): string[] {
  const open: number[] = [];
  let leftOut = Number.POSITIVE_INFINITY;
  const lines = elements.flatMap(({ level, tag, attributes }): Line[] => {
    if (level > leftOut) return [];
    leftOut = Number.POSITIVE_INFINITY;
    while (open.length > 0 && open.at(-1)! >= level) open.pop();
    const text = lineOf(tag, attributes);
    if (text === undefined) return [];
    if (LEFT_OUT.test(`${text} `)) {
      leftOut = level;
      return [];
    }
    const depth = open.length;
    open.push(level);
    return [{ depth, text }];
  });
  return collapsed(lines);
}

/** An element of a page: its depth, tag and attributes. */
export interface ListedElement {
  readonly level: number;
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Lists a page's elements below a root in document order. Runs in the page. */
export function listElements(selector: string): ListedElement[] {
  const listed: ListedElement[] = [];
  const visit = (element: Element, level: number) => {
    const attributes = Object.fromEntries(
      element.getAttributeNames().map((name) => [name, element.getAttribute(name)!]),
    );
    listed.push({ level, tag: element.localName, attributes });
    for (const child of element.children) visit(child, level + 1);
  };
  for (const root of document.querySelectorAll(selector)) visit(root, 0);
  return listed;
}

/** Describes an element; undefined for a plain wrapper. */
function lineOf(tag: string, attributes: Readonly<Record<string, string>>): string | undefined {
  if (['svg', 'path', 'source'].includes(tag)) return undefined;
  const kept = ATTRIBUTES.flatMap((name) => {
    const value = attributes[name];
    return value === undefined ? [] : [`${name}="${plain(name, value)}"`];
  });
  const classes = (attributes.class ?? '').split(/\s+/).filter((one) => CLASSES.test(one));
  const shown = /background-image: url/.test(attributes.style ?? '') ? ['background-image'] : [];
  const parts = [...(classes.length > 0 ? [`class="${classes.join(' ')}"`] : []), ...kept, ...shown];
  return parts.length === 0 && ['div', 'span'].includes(tag) ? undefined : [tag, ...parts].join(' ');
}

function plain(name: string, value: string): string {
  if (name === 'id' || name === 'aria-controls') return /^carousel-item-\d+$/.test(value) ? 'carousel-item-N' : 'id';
  if (name === 'aria-labelledby' || name === 'alt') return 'text';
  if (name === 'aria-selected' || name === 'aria-hidden') return 'true or false';
  if (name !== 'aria-label') return value;
  const label = value.replace(/^.+(?='s photos$)/, 'Name').replaceAll(/\d+/g, 'N');
  return LABELS.test(label) ? label : 'text';
}

/** Merges equal neighbors with their contents, because profiles differ in their number of photos. */
function collapsed(lines: readonly Line[]): string[] {
  const blocks = blocksOf(lines, 0);
  return blocks.map(({ depth, text }) => '  '.repeat(depth) + text);
}

function blocksOf(lines: readonly Line[], depth: number): Line[] {
  const starts = lines.flatMap((line, at) => (line.depth === depth ? [at] : []));
  let last = '';
  return starts.flatMap((start, at) => {
    const block = [lines[start]!, ...blocksOf(lines.slice(start + 1, starts[at + 1]), depth + 1)];
    const text = block.map((line) => line.text).join('\n');
    if (text === last) return [];
    last = text;
    return block;
  });
}
