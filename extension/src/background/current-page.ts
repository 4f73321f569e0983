import browser from 'webextension-polyfill';
import type { Order } from '../orders.ts';
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

/**
 * True if the active tab has a page of a site on which no content script answers. Chromium starts none in pages that were
 * open before the extension was installed or updated.
 */
export async function needsReload({ pages }: SessionState): Promise<boolean> {
  const url = browser.runtime.getManifest().content_scripts?.flatMap(({ matches }) => matches);
  const [active] = await browser.tabs.query({ active: true, lastFocusedWindow: true, ...(url && { url }) });
  if (active?.id === undefined || active.status !== 'complete') return false;
  if (pages.some(({ tab }) => tab === active.id)) return false;
  return (await sendOrder(active.id, { order: 'check' })) === undefined;
}

/** Sends an order to a page. Resolves to undefined if the tab was closed or has left the page, or no script is there. */
export const sendOrder = (tab: number, order: Order): Promise<unknown> =>
  browser.tabs.sendMessage(tab, order).catch(() => undefined);
