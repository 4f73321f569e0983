// @vitest-environment happy-dom
import { expect, it, vi } from 'vitest';
import { observePage } from './observe-page.ts';
import { NEWS_EVENT, READ_EVENT } from './page-events.ts';

it('leaves a page to the observer that it already has, as after an update in Firefox', async () => {
  const profiles = [{ type: 'user', user: { _id: 'ada', photos: [{ url: 'https://images-ssl.gotinder.com/a.jpg' }] } }];
  const fetch = vi.fn(async () => Response.json({ data: { results: profiles } }));
  const page = Object.assign(Object.create(window), {
    fetch,
    document,
    location: { href: 'https://tinder.com/app/recs' },
  }) as Window & typeof globalThis;
  const news: string[] = [];
  document.addEventListener(NEWS_EVENT, (event) => news.push((event as CustomEvent<string>).detail));
  const read = (detail: 'on' | 'off') => document.dispatchEvent(new CustomEvent(READ_EVENT, { detail }));

  observePage(page);
  const watched = page.fetch;
  await page.fetch('https://api.gotinder.com/v2/recs/core');
  await new Promise((settled) => setTimeout(settled));
  observePage(page);
  expect(page.fetch).toBe(watched);
  read('off'); // the old script may have ended
  read('on');
  expect(news).toEqual([]); // what it kept is gone
  await page.fetch('https://api.gotinder.com/v2/recs/core');
  await new Promise((settled) => setTimeout(settled));
  expect(news).toHaveLength(1);
});
