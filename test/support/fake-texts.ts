import { vi } from 'vitest';

/**
 * Lets a text be its key and its values, such as `gate_figures 52% 60%`. All tests use this one, because texts are looked
 * up once and then kept, also for the next test file in the same process.
 */
export function fakeTexts(browser: { readonly i18n: unknown }): void {
  const i18n = browser.i18n as { getMessage: (...given: unknown[]) => string };
  vi.spyOn(i18n, 'getMessage').mockImplementation((...given) => given.flat().join(' ').trim());
}
