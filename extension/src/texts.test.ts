import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { MODES } from './control-acts.ts';
import { COUNTED } from './messages.ts';
import { REASON_CODES } from './reasons.ts';

const texts: Record<string, { message: string }> = JSON.parse(
  readFileSync(new URL('../public/_locales/en/messages.json', import.meta.url), 'utf8'),
);

it.each([
  ...REASON_CODES.map((reason) => `reason_${reason}`),
  ...MODES.flatMap((mode) => [`mode_${mode}`, `mode_${mode}_hint`]),
  ...COUNTED.map((counted) => `count_${counted}`),
  ...['page', 'video', 'download', 'unsent', 'server'].map((missing) => `missing_${missing}`),
])('has a text for %s', (key) => {
  expect(texts[key]?.message).toBeTruthy();
});

it.each(['popup', 'options', 'consent'])('has every text that the %s page uses', (name) => {
  const html = readFileSync(new URL(`entrypoints/${name}/index.html`, import.meta.url), 'utf8');
  const named = [...html.matchAll(/data-(?:text|label)="(\w+)"/g)].map(([, key]) => key!);
  expect(named.filter((key) => !texts[key])).toEqual([]);
});
