import type { PageCheck } from '../own-messages.ts';
import type { SiteName } from '../sites/match-patterns.ts';
import type { SitePage } from '../sites/site-adapter.ts';

/** What an adapter finds of its page, for the popup: roles and counts, and in one word what is up. */
export function pageCheck(site: SiteName, page: SitePage): PageCheck {
  const view = page.view();
  const word = view.kind === 'dialog' ? `dialog ${view.name}` : view.kind === 'obstacle' ? view.obstacle : view.kind;
  return { site, view: word, roles: page.check() };
}
