import { readFileSync } from 'node:fs';

/**
 * The outlines of saved pages (May 2026) that the twin's pages are held against. They leave out plain wrappers, so where two
 * readings are possible an empty `<div>` says which is ours: the row of buttons is no card's, and what an open profile says
 * of its person stands beside the box of its photos.
 */
export const OUTLINES = ['closed-profile', 'open-profile', 'explore-open-profile', 'upsell-dialog'] as const;

/** See {@link OUTLINES}. */
export type OutlineName = (typeof OUTLINES)[number];

/** An element that a program could hold on to: its tag and what it is known by, and how many such elements hold it. */
interface Line {
  readonly depth: number;
  readonly text: string;
}

/** Attributes that a program could hold on to. */
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

/** Class names that mean something; all others are generated, here and there. */
const CLASSES =
  /^(StretchedBox|keen-slider|recs|gamepad|profileCard|tappable-view|sentry-block|Hidden|react-|H\(--|Maw\(--|Bgc\(\$|Bgi\(\$)/;

/** Labels that are known; any other is only a text. */
const LABELS = /^(Card stack|Name's photos|(Profile )?Photo N|N of N|N remaining|(Previous|Next) Photo)$/;

/** What every profile has more or less of, and what says nothing by itself: with all that it holds. */
const LEFT_OUT = /^(h2|h3|ul|hr|section aria-labelledby\S*|div itemprop\S*|p) /;

/** An outline's elements, one a line, indented; neighbors that are the same are one. */
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

/** The same of a page's elements below a root, as the page itself lists them by {@link listElements}. */
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

/** An element of a page: how deep it is, its tag, its attributes. */
export interface ListedElement {
  readonly level: number;
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Lists a page's elements below a root, in order. Runs in the page. */
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

/** What stands for an element; undefined for a plain wrapper. */
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

/** Neighbors that are the same, with all they hold, are one: profiles differ in how many photos they have. */
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
