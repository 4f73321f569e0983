import browser from 'webextension-polyfill';
import type { PageStatus } from '../messages.ts';
import { reasonText } from '../reason-text.ts';
import { needsPerson, type Reason } from '../reasons.ts';
import { type TextKey, translate } from '../texts.ts';

/** Reasons whose text names something of the profile. A notification stays in the system's list, so it has none of that. */
const WITHOUT_PROFILE: Partial<Record<Reason, TextKey>> = {
  rule_hold: 'notice_rule_hold',
  seen_before: 'notice_seen_before',
};

const PREFIX = 'stop-';

/**
 * Notifies the person that a page has stopped, or takes that back once it continues. The person allows notifications in
 * the options, by giving the browser's permission. Nothing else is stored about it.
 *
 * @param before the page's status until now. Undefined if it had none.
 */
export async function followStop(tab: number, before: PageStatus | undefined, now: PageStatus): Promise<void> {
  if (!now.reason || !needsPerson(now.reason)) return await clearStop(tab);
  // A page repeats its status with everything that it counts.
  if (before?.reason === now.reason || !(await maySpeak()) || (await isInSight(tab))) return;
  await browser.notifications.create(`${PREFIX}${tab}`, {
    type: 'basic',
    iconUrl: browser.runtime.getURL('icon/128.png'),
    title: translate('notice_title'),
    message: noticeText(now),
  });
}

/** Takes back the notification about a tab, if there is one. */
export async function clearStop(tab: number): Promise<void> {
  if (await maySpeak()) await browser.notifications.clear(`${PREFIX}${tab}`);
}

/** Takes back the notification about the tab in front of a window, because the person looks at it. */
export async function clearSeen(window: number): Promise<void> {
  if (window === browser.windows.WINDOW_ID_NONE || !(await maySpeak())) return;
  const [active] = await browser.tabs.query({ active: true, windowId: window });
  if (active?.id !== undefined) await clearStop(active.id);
}

/** Shows the tab that a notification is about. */
export async function showStoppedTab(notification: string): Promise<void> {
  if (!notification.startsWith(PREFIX)) return;
  const tab = Number(notification.slice(PREFIX.length));
  await browser.notifications.clear(notification);
  const { windowId } = await browser.tabs.update(tab, { active: true });
  if (windowId !== undefined) await browser.windows.update(windowId, { focused: true });
}

/** Calls back with the id of a notification that the person clicks. Without the permission, there are none. */
export function onNoticeClicked(clicked: (notification: string) => void): void {
  const listen = () => browser.notifications?.onClicked.addListener(clicked);
  listen();
  browser.permissions.onAdded.addListener(listen);
}

/** Returns what a notification says about a stop. */
export function noticeText({ reason, ...rest }: PageStatus): string {
  if (reason === null) return '';
  const other = WITHOUT_PROFILE[reason];
  return other ? translate(other) : reasonText({ reason, ...rest });
}

async function maySpeak(): Promise<boolean> {
  // The browser adds the API with the permission, but perhaps not to a worker that already runs.
  return (
    browser.notifications !== undefined && (await browser.permissions.contains({ permissions: ['notifications'] }))
  );
}

/** True if the person looks at the tab: it is in front, in the window that has the focus. */
async function isInSight(tab: number): Promise<boolean> {
  const { active, windowId } = await browser.tabs.get(tab);
  if (!active || windowId === undefined) return false;
  return (await browser.windows.get(windowId)).focused;
}
