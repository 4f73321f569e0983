import { readSession } from '../storage/session-log.ts';
import { currentPage, type Page, sendOrder } from './current-page.ts';
import type { SwipeLedger } from './swipes/swipe-ledger.ts';

/** Starts a new session if a page stopped at a limit per session. Resuming it would do nothing otherwise. */
export async function renewSession({ status: { reason } }: Page, ledger: SwipeLedger): Promise<void> {
  if (reason === 'limit_session' || reason === 'limit_share') await ledger.beginSession();
}

/** Resumes the current page; with `toggle`, pauses it if nothing has stopped it; with `why`, shows or hides why. */
export async function orderCurrentPage(order: 'resume' | 'toggle' | 'why', ledger: SwipeLedger): Promise<void> {
  const page = await currentPage(await readSession());
  if (!page) return;
  if (order !== 'why') await renewSession(page, ledger);
  await sendOrder(page.tab, { order });
}
