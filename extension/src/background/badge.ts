import browser from 'webextension-polyfill';
import type { Counts } from '../messages.ts';
import { hasConsent, type Settings } from '../settings.ts';
import type { Page } from './current-page.ts';

/** What the toolbar's badge says. */
export interface Badge {
  readonly text: string;
  readonly color: string;
}

const GRAY = '#5a5a66';
const AMBER = '#9a5b00';
const VIOLET = '#5b3df5';

/** The badge: `off`, `!` where something wants the person, else the count: of swipes, or of profiles shown. */
export function badgeOf(settings: Settings, counts: Counts, page: Page | undefined): Badge {
  if (settings.mode === 'off') return { text: 'off', color: GRAY };
  const reason = page?.status.reason;
  const quiet = ['tab_hidden', 'page_loading', 'deck_ended', 'dialog_open'];
  if (!hasConsent(settings) || (reason && !quiet.includes(reason))) return { text: '!', color: AMBER };
  const count = settings.mode === 'swipe' ? counts.right + counts.left : counts.seen;
  return { text: count > 0 ? shortCount(count) : '', color: settings.mode === 'swipe' ? VIOLET : GRAY };
}

/** Puts a badge up. */
export async function showBadge({ text, color }: Badge): Promise<void> {
  await browser.action.setBadgeText({ text });
  await browser.action.setBadgeBackgroundColor({ color });
  await browser.action.setBadgeTextColor?.({ color: '#ffffff' });
}

/** A badge has room for four characters. */
const shortCount = (count: number) => (count < 1_000 ? String(count) : `${Math.floor(count / 1_000)}k`);
