import browser from 'webextension-polyfill';
import type { SessionState } from '../storage/session-log.ts';

/** A tab with a dating page, and its status. */
export type Page = SessionState['pages'][number];

/**
 * Returns the dating page in the active tab, or else the one that reported last. The popup, the badge and Resume all refer
 * to this page.
 */
export async function currentPage({ pages }: SessionState): Promise<Page | undefined> {
  const active = await activeTab();
  return pages.find(({ tab }) => tab === active) ?? pages.at(-1);
}

/** Returns the id of the active tab. Unlike the tab's URL, the id needs no permission. */
export async function activeTab(): Promise<number | undefined> {
  const [active] = await browser.tabs.query({ active: true, lastFocusedWindow: true });
  return active?.id;
}
