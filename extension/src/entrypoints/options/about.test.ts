// @vitest-environment happy-dom

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeEach, expect, it } from 'vitest';
import { browser } from 'wxt/browser';
import { fakeTexts } from '../../../../test/support/fake-texts.ts';
import type { PageCheck, ServerState } from '../../own-messages.ts';
import { About } from './about.ts';
import { MAX_URL_LENGTH, reportUrl } from './report-url.ts';

const HTML = readFileSync(join(import.meta.dirname, 'index.html'), 'utf8');
const FORM = readFileSync(join(import.meta.dirname, '../../../../.github/ISSUE_TEMPLATE/page.yml'), 'utf8');
const CONNECTED: ServerState = { model: 'quality', device: 'cpu', threshold: 0.4, version: '0.3.0' };
const CHECK: PageCheck = { site: 'demo', view: 'profile', roles: [{ role: 'active card', found: 1, wanted: 1 }] };

const get = (id: string) => document.getElementById(id)!;
const link = () => new URL((get('report-open') as HTMLAnchorElement).href);

let server: ServerState;
let check: PageCheck | null;
let about: About;

beforeEach(() => {
  [server, check] = [CONNECTED, CHECK];
  fakeTexts(browser);
  document.body.innerHTML = /<body>([\s\S]*)<script/.exec(HTML)![1]!;
  about = new About(document, {
    version: '0.2.0',
    userAgent: 'Firefox/152.0',
    askServer: async () => server,
    checkPage: async () => check,
  });
});

async function report(): Promise<void> {
  get('report').click();
  await new Promise((settled) => setTimeout(settled));
}

it('shows the versions of the extension and the server', async () => {
  await about.refresh();
  expect([get('about-version').textContent, get('about-server').textContent]).toEqual(['0.2.0', '0.3.0']);
  server = { model: 'quality', device: 'cpu', threshold: 0.4 };
  await about.refresh();
  expect(get('about-server').textContent).toBe('about_server_old');
  server = { problem: { reason: 'server_unreachable', detail: 'http://192.168.7.7 is secret' } };
  await about.refresh();
  expect(get('about-server').textContent).toBe('popup_not_connected');
});

it('fills in the fields that the issue form has, and shows what it fills in', async () => {
  await report();
  const { searchParams } = link();
  expect(Object.fromEntries(searchParams)).toEqual({
    template: 'page.yml',
    page: 'demo: profile',
    check: 'Swipenet 0.2.0, Firefox 152\ndemo: profile\nok  active card  1',
    versions: 'Firefox 152, Swipenet 0.2.0, popup_server: 0.3.0',
  });
  const ids = [...FORM.matchAll(/^ {4}id: (\w+)$/gm)].map(([, id]) => id);
  expect(ids).toEqual(expect.arrayContaining(['page', 'check', 'versions']));
  for (const text of [searchParams.get('check'), searchParams.get('versions')]) {
    expect(get('report-text').textContent).toContain(text);
  }
  expect((get('report-dialog') as HTMLDialogElement).open).toBe(true);
});

it('reports without a page, too, and never where the server is', async () => {
  [server, check] = [{ problem: { reason: 'server_unreachable', detail: 'http://192.168.7.7' } }, null];
  await report();
  expect(link().searchParams.get('check')).toBe('report_no_page');
  expect(link().href).not.toContain('192.168');
});

it('keeps the URL within what GitHub accepts, and says that something is missing', () => {
  const cutOff = 'The rest is missing.';
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 20_000, size: 'max' }), (text) => {
      const url = reportUrl({ page: 'p', check: text, versions: 'v' }, cutOff);
      const filled = new URL(url).searchParams.get('check')!;
      return url.length <= MAX_URL_LENGTH && (filled === text.toWellFormed() || filled.endsWith(`\n${cutOff}`));
    }),
    { numRuns: 50 },
  );
  const lines = Array.from({ length: 2_000 }, (_, line) => `ok  role ${line}`).join('\n');
  const url = reportUrl({ page: 'p', check: lines, versions: 'v' }, cutOff);
  expect(url.length).toBeGreaterThan(MAX_URL_LENGTH - 20); // no more is cut off than needed
});
