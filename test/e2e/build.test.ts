import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { EXTENSION_FOLDER } from '../support/extension-browser.ts';

/** The most bytes of each script (dating: 80 kB again once the schemas have left it): they are loaded into every tab of a dating page. With classic zod it would be twice that. */
const MOST_BYTES = { dating: 92_000, 'recs-observer': 4_000 };

it.each(Object.entries(MOST_BYTES))('keeps the built content script %s within %i bytes', (name, most) => {
  const { size } = statSync(join(EXTENSION_FOLDER, `content-scripts/${name}.js`)); // of npm run build:extension
  console.log(`content-scripts/${name}.js has ${size} bytes`);
  expect(size).toBeLessThanOrEqual(most);
});

it('asks in its manifest for what it needs and nothing more', () => {
  const manifest = JSON.parse(readFileSync(join(EXTENSION_FOLDER, 'manifest.json'), 'utf8'));
  expect(manifest.permissions).toEqual(['storage']);
  expect(manifest.host_permissions).toEqual([
    'http://127.0.0.1/*',
    'http://localhost/*',
    'https://tinder.com/*',
    'https://images-ssl.gotinder.com/*',
  ]);
  expect(manifest.optional_host_permissions).toEqual(['https://*/*', 'http://*/*']);
  const worlds = manifest.content_scripts.map(({ js, world }: { js: string[]; world?: string }) => [js.join(), world]);
  expect(worlds).toContainEqual(['content-scripts/recs-observer.js', 'MAIN']);
});
