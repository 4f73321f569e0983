// @vitest-environment happy-dom
import { expect, it } from 'vitest';
import { setText } from './set-text.ts';

it('changes a live region once for each text', async () => {
  const region = document.createElement('p');
  let changes = 0;
  new MutationObserver((records) => {
    changes += records.filter(({ addedNodes }) => addedNodes.length > 0).length;
  }).observe(region, { childList: true });
  for (const text of ['Connected', 'Connected', 'Not connected', 'Not connected']) setText(region, text);
  await Promise.resolve();
  expect([region.textContent, changes]).toEqual(['Not connected', 2]);
});
