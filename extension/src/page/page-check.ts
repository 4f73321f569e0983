import type { PageCheck } from '../own-messages.ts';
import type { OpenSite } from '../sites/index.ts';

/** What an adapter finds of its page, for the popup: roles and counts, and in one word what is up. */
export function pageCheck({ name, page }: OpenSite): PageCheck {
  const view = page.view();
  const word = view.kind === 'dialog' ? `dialog ${view.name}` : view.kind === 'obstacle' ? view.obstacle : view.kind;
  return { site: name, view: word, roles: page.check() };
}
