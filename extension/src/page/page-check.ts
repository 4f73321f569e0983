import type { PageCheck } from '../own-messages.ts';
import type { SiteName } from '../sites/match-patterns.ts';
import type { SitePage } from '../sites/site-adapter.ts';

/** Returns what an adapter finds on its page, for the popup: the state of the page, and each role with its count. */
export function pageCheck(site: SiteName, page: SitePage): PageCheck {
  const view = page.view();
  const word = view.kind === 'dialog' ? `dialog ${view.name}` : view.kind === 'obstacle' ? view.obstacle : view.kind;
  return { site, view: word, roles: page.check() };
}
