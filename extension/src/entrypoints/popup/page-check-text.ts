import type { PageCheck } from '../../own-messages.ts';
import { isMet } from '../../sites/site-adapter.ts';

/** The extension and browser that a check ran in. */
interface CheckedIn {
  /** The extension's own version. */
  readonly version: string;
  readonly userAgent: string;
}

/**
 * Formats a page check as text to paste into a report: the versions, the site, what it shows, and one line per role. It
 * contains nothing personal: only roles, counts, and the browser's name and major version.
 */
export function pageCheckText({ site, view, roles }: PageCheck, { version, userAgent }: CheckedIn): string {
  const width = Math.max(...roles.map(({ role }) => role.length));
  const lines = roles.map((check) => {
    const fine = isMet(check);
    const wanted = fine ? '' : ` (${check.wanted === 'some' ? '1 or more' : check.wanted} wanted)`;
    const by = check.by ? `  [${check.by}]` : '';
    return `${fine ? 'ok' : '!!'}  ${check.role.padEnd(width)}  ${check.found}${wanted}${by}`;
  });
  return [`Swipenet ${version}, ${browserAndVersion(userAgent)}`, `${site}: ${view}`, ...lines].join('\n');
}

/** How browsers name themselves in the user agent. Edge and Opera also name Chrome, so they come first. */
const BROWSERS = { Firefox: /Firefox\/(\d+)/, Edge: /Edg\/(\d+)/, Opera: /OPR\/(\d+)/, Chrome: /Chrome\/(\d+)/ };

/** Returns the browser's name and major version, such as `Firefox 152`. */
export function browserAndVersion(userAgent: string): string {
  for (const [name, pattern] of Object.entries(BROWSERS)) {
    const version = pattern.exec(userAgent)?.[1];
    if (version) return `${name} ${version}`;
  }
  return 'another browser';
}
