import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { EXTENSION_FOLDER } from '../support/extension-browser.ts';

/** It is loaded into every tab of a dating page; with classic zod alone it would be twice that. */
const MOST_BYTES = 60_000;

it('keeps the built content script small', () => {
  const { size } = statSync(join(EXTENSION_FOLDER, 'content-scripts/dating.js')); // of npm run build:extension
  console.log(`the content script has ${size} bytes`);
  expect(size).toBeLessThanOrEqual(MOST_BYTES);
});
