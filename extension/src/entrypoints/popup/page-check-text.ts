import type { PageCheck } from '../../own-messages.ts';
import { isMet } from '../../sites/site-adapter.ts';

/** Where a check was made. */
interface CheckedIn {
  /** The extension's own version. */
  readonly version: string;
  readonly userAgent: string;
}

/**
 * What an adapter found, as text to paste into a report: the versions, the site, what is up, and a line a role. Nothing of
 * it is personal: a check holds roles and counts, and of the browser only its name and version are told.
 */
export function pageCheckText({ site, view, roles }: PageCheck, { version, userAgent }: CheckedIn): string {
  const width = Math.max(...roles.map(({ role }) => role.length));
  const lines = roles.map((check) => {
    const fine = isMet(check);
    const wanted = fine ? '' : ` (${check.wanted === 'some' ? '1 or more' : check.wanted} wanted)`;
    const by = check.by ? `  [${check.by}]` : '';
    return `${fine ? 'ok' : '!!'}  ${check.role.padEnd(width)}  ${check.found}${wanted}${by}`;
  });
  return [`Swipenet ${version}, ${browserName(userAgent)}`, `${site}: ${view}`, ...lines].join('\n');
}

/** Browsers by how they call themselves; Edge and Opera also call themselves Chrome, so they come first. */
const BROWSERS = { Firefox: /Firefox\/(\d+)/, Edge: /Edg\/(\d+)/, Opera: /OPR\/(\d+)/, Chrome: /Chrome\/(\d+)/ };

/** `Firefox 152`. */
function browserName(userAgent: string): string {
  for (const [name, pattern] of Object.entries(BROWSERS)) {
    const version = pattern.exec(userAgent)?.[1];
    if (version) return `${name} ${version}`;
  }
  return 'another browser';
}
