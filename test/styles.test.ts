import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { CONTROL_STYLE } from '../extension/src/page/control/control-style.ts';
import { OVERLAY_STYLE } from '../extension/src/page/overlay/overlay-style.ts';
import { ROOT } from './support/source-files.ts';

// What docs/accessibility.md promises of every style sheet and every page. A failure names the file and what it says.

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const found = (pattern: string) =>
  globSync(pattern, { cwd: ROOT, exclude: ['**/node_modules/**'] }).map((path): [string, string] => [path, read(path)]);

const sheets = [
  ...found('{extension/src,server/src,server/studio}/**/*.css'),
  ['the overlay', OVERLAY_STYLE] as const,
  ['the control on the page', CONTROL_STYLE] as const,
];
const pages = found('{extension/src,server/src,server/studio}/**/*.html');

/** What a declaration of some properties says, without line breaks. */
const declared = (sheet: string, property: string) =>
  [...sheet.matchAll(new RegExp(`(?<![\\w-])${property}:([^;}]*)`, 'g'))].map(([text]) => text.replaceAll(/\s+/g, ' '));

it('finds the style sheets and the pages', () => {
  expect([sheets.length, pages.length]).toEqual([
    expect.toSatisfy((count) => count >= 8),
    expect.toSatisfy((count) => count >= 6),
  ]);
});

it.each(sheets)('sizes no text in px, so that it grows with what the person set: %s', (_, sheet) => {
  expect(declared(sheet, 'font(?:-size)?').filter((text) => /\dpx/.test(text))).toEqual([]);
});

it.each(sheets)('leaves the outline of what has the focus: %s', (_, sheet) => {
  expect(declared(sheet, 'outline(?:-style|-width)?').filter((text) => /: *(?:none|0)\b/.test(text))).toEqual([]);
});

it('lets no page forbid to zoom, and names its language', () => {
  const wrong = pages.filter(([, html]) => /user-scalable|maximum-scale/.test(html) || !/<html lang="[a-z]/.test(html));
  expect(wrong.map(([path]) => path)).toEqual([]);
});
