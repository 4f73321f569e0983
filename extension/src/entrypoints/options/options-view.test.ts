// @vitest-environment happy-dom

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { browser } from 'wxt/browser';
import { fakeTexts } from '../../../../test/support/fake-texts.ts';
import { OptionsView } from './options-view.ts';

it('says that nothing is saved while it is being saved again', async () => {
  fakeTexts(browser);
  const html = readFileSync(join(import.meta.dirname, 'index.html'), 'utf8');
  document.body.innerHTML = /<body>([\s\S]*)<script/.exec(html)![1]!;
  const view = new OptionsView(document);
  const { promise, resolve } = Promise.withResolvers<void>();
  view.onSave(async () => {
    await promise;
    view.say('saved', 'Saved.', 'good');
  });
  const saved = document.getElementById('saved')!;
  view.say('saved', 'Saved.', 'good'); // by an earlier click
  document.getElementById('options')!.dispatchEvent(new Event('submit', { cancelable: true }));
  expect(saved.hidden).toBe(true);
  resolve();
  await expect.poll(() => saved.hidden).toBe(false);
});
