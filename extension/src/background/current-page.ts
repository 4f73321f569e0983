import browser from 'webextension-polyfill';
import type { SessionState } from '../storage/session-log.ts';

/** A tab with a dating page, and what it does. */
export type Page = SessionState['pages'][number];

/**
 * The dating page that the person means: the one in front of them, else the one that spoke last. Popup, badge and Resume
 * all speak of this one.
 */
export async function currentPage({ pages }: SessionState): Promise<Page | undefined> {
  const front = await frontTab();
  return pages.find(({ tab }) => tab === front) ?? pages.at(-1);
}

/** The tab in front of the person. (Asking which one it is needs no permission; its address would.) */
export async function frontTab(): Promise<number | undefined> {
  const [active] = await browser.tabs.query({ active: true, lastFocusedWindow: true });
  return active?.id;
}
