import { afterAll, afterEach, expect, it, vi } from 'vitest';

const api = (id: string) => ({ runtime: { id } });

/** Returns what the module picks as the API when the page has these globals. */
async function chosen(names: { readonly browser?: unknown; readonly chrome?: unknown }): Promise<unknown> {
  vi.resetModules();
  for (const name of ['browser', 'chrome'] as const) vi.stubGlobal(name, names[name]);
  return (await import('./browser.ts')).browser;
}

afterEach(() => vi.unstubAllGlobals());
// Where files share a worker, the next one must not get this API.
afterAll(() => void vi.resetModules());

it('is `browser` if the browser has it, and `chrome` otherwise', async () => {
  const [firefox, chromium] = [api('firefox'), api('chromium')];
  expect(await chosen({ browser: firefox, chrome: chromium })).toBe(firefox);
  expect(await chosen({ chrome: chromium })).toBe(chromium);
});

it('is never a page element with the id `browser`', async () => {
  const chromium = api('chromium');
  expect(await chosen({ browser: { id: 'browser', tagName: 'DIV' }, chrome: chromium })).toBe(chromium);
});
