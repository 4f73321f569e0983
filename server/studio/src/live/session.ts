import { signal } from '@preact/signals';
import { SESSION_HEADER } from '@swipenet/shared/contract/session.ts';

/** Where the start page keeps the session's key. */
const STORED = 'swipenet-session';

/** The session's key, or null without a session. The start page opens sessions; other tabs may end them. */
export const sessionKey = signal(localStorage.getItem(STORED));

addEventListener('storage', ({ key }) => {
  if (key === STORED || key === null) sessionKey.value = localStorage.getItem(STORED);
});

/** Forgets a session that the server no longer knows. */
export function endSession(): void {
  localStorage.removeItem(STORED);
  sessionKey.value = null;
}

/** The header that each request needs besides the cookie. */
export const sessionHeaders = (): Record<string, string> =>
  sessionKey.value === null ? {} : { [SESSION_HEADER]: sessionKey.value };
