import { ROUTES } from '@swipenet/shared/contract/routes.ts';
import { SESSION_HEADER } from '@swipenet/shared/contract/session.ts';
import { expect, it } from 'vitest';
import { appDependencies } from '../../../../test/support/app-dependencies.ts';
import { createApp } from '../../app.ts';

const app = createApp(appDependencies().dependencies);
const get = (path: string, Accept: string) => app.request(path, { headers: { Accept } });

it('gives the page to browsers, and an error to programs', async () => {
  const page = await get('/', 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8');
  expect([page.status, page.headers.get('Content-Type'), page.headers.get('Vary')]).toEqual([
    200,
    'text/html; charset=utf-8',
    'Accept',
  ]);
  for (const accept of ['*/*', 'application/json', '']) {
    const answer = await get('/', accept);
    expect([answer.status, await answer.json()]).toMatchObject([404, { error: { code: 'route_unknown' } }]);
  }
  expect((await get('/none', 'text/html')).headers.get('Content-Type')).toBe('application/json');
});

it('loads nothing from other servers, and can’t be framed', async () => {
  const page = await get('/', 'text/html');
  const policy = page.headers.get('Content-Security-Policy');
  expect(policy).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
  const text = await page.text();
  expect(text).not.toMatch(/https?:\/\/|style=|<style| on\w+=/);
  const asked = [...text.matchAll(/(?:src|href)="([^#"][^"]*)"/g)].map((match) => match[1]!);
  expect(asked.toSorted()).toEqual(['/demo', '/docs', '/start/page.css', '/start/page.js', '/studio', 'data:,']);
});

it('has a script that sends the session as the contract says', async () => {
  const script = await (await get(ROUTES.startScript.path, '*/*')).text();
  const used = [
    SESSION_HEADER,
    ROUTES.session.path,
    ROUTES.sessionPairings.path,
    ROUTES.status.path,
    ROUTES.taste.path,
  ];
  expect(used.filter((text) => !script.includes(`'${text}'`))).toEqual([]);
});
