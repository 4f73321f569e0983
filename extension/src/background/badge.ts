import browser from 'webextension-polyfill';
import type { Counts } from '../own-messages.ts';
import { isQuiet, type Reason } from '../reasons.ts';
import { readSession } from '../storage/session-log.ts';
import { hasConsent, readSettings, type Settings } from '../storage/settings.ts';
import { type TextKey, translate } from '../texts.ts';
import { currentPage, type Page } from './current-page.ts';

/** What the badge on the toolbar icon shows. */
interface Badge {
  readonly text: string;
  readonly color: string;
}

const GRAY = '#5a5a66';
const AMBER = '#9a5b00';
const VIOLET = '#5b3df5';

/** Quiet reasons that the badge names, so that a pause doesn't look like swiping. Each text fits the badge. */
const PAUSES: Partial<Record<Reason, TextKey>> = {
  deck_ended: 'badge_end',
  outside_hours: 'badge_hours',
  other_tab: 'badge_tab',
};

/**
 * Returns the badge: `off`, `!` if the person needs to act, or a word for why swiping pauses. Otherwise it is a count: of
 * swipes in Swipe mode, of scored profiles in Show mode.
 */
export function badgeOf(settings: Settings, counts: Counts, page: Page | undefined): Badge {
  if (settings.mode === 'off') return { text: translate('badge_off'), color: GRAY };
  const reason = page?.status.reason;
  if (!hasConsent(settings) || (reason && !isQuiet(reason))) return { text: '!', color: AMBER };
  const pause = settings.mode === 'swipe' && reason && PAUSES[reason];
  if (pause) return { text: translate(pause), color: GRAY };
  const count = settings.mode === 'swipe' ? counts.right + counts.left : counts.seen;
  return { text: count > 0 ? shortCount(count) : '', color: settings.mode === 'swipe' ? VIOLET : GRAY };
}

/** What this worker showed last, the refresh in progress, and whether something changed after that refresh started. */
let shown = '';
let refreshing: Promise<void> | undefined;
let stale = false;

/** Shows the badge for the current settings and session. A call during a refresh makes it run once more. */
export function refreshBadge(): Promise<void> {
  stale = true;
  refreshing ??= (async () => {
    try {
      while (stale) {
        stale = false;
        await refresh();
      }
    } finally {
      refreshing = undefined;
    }
  })();
  return refreshing;
}

async function refresh(): Promise<void> {
  const state = await readSession();
  const { text, color } = badgeOf(await readSettings(), state.counts, await currentPage(state));
  if (shown === text + color) return;
  shown = text + color;
  await browser.action.setBadgeText({ text });
  await browser.action.setBadgeBackgroundColor({ color });
  await browser.action.setBadgeTextColor?.({ color: '#ffffff' });
}

/** Shortens a count to the four characters that fit in a badge. */
const shortCount = (count: number) => (count < 1_000 ? String(count) : `${Math.floor(count / 1_000)}k`);
