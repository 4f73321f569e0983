import { readFile } from 'node:fs/promises';

const TYPES = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
};

/** The page's files, in the folder `page`. No other file is ever read. */
const PAGE_FILES = {
  'page.html': TYPES.html,
  'page.css': TYPES.css,
  'page.js': TYPES.js,
  'deck.js': TYPES.js,
  'card.js': TYPES.js,
  'match-dialog.js': TYPES.js,
  'run-reporter.js': TYPES.js,
} as const;

/** Reads a file of the page and its media type, or returns `undefined` if the page has no such file. */
export async function readPageFile(name: string): Promise<{ text: string; type: string } | undefined> {
  if (!Object.hasOwn(PAGE_FILES, name)) return undefined;
  const text = await readFile(new URL(`page/${name}`, import.meta.url), 'utf8');
  return { text, type: PAGE_FILES[name as keyof typeof PAGE_FILES] };
}
