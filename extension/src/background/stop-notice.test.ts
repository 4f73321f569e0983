import { readFileSync } from 'node:fs';
import { beforeEach, expect, it, vi } from 'vitest';
import browser from 'webextension-polyfill';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { fakeTexts } from '../../../test/support/fake-texts.ts';
import { needsPerson, REASON_CODES } from '../reasons.ts';
import { clearSeen, clearStop, followStop, noticeText, showStoppedTab } from './stop-notice.ts';

const world = { isAllowed: true, active: false, focused: true };
/** The notifications that are there, by id, each with its text. */
const shown = new Map<string, string>();

beforeEach(() => {
  fakeBrowser.reset();
  fakeTexts(browser);
  shown.clear();
  Object.assign(world, { isAllowed: true, active: false, focused: true });
  vi.spyOn(browser.permissions, 'contains').mockImplementation(async () => world.isAllowed);
  vi.spyOn(browser.tabs, 'get').mockImplementation(async () => ({ active: world.active, windowId: 1 }) as never);
  vi.spyOn(browser.tabs, 'query').mockResolvedValue([{ id: 7 }] as never);
  vi.spyOn(browser.windows, 'get').mockImplementation(async () => ({ focused: world.focused }) as never);
  vi.spyOn(browser.notifications, 'create').mockImplementation(
    (async (id: string, { message }: { message: string }) => void shown.set(id, message.trim())) as never,
  );
  vi.spyOn(browser.notifications, 'clear').mockImplementation(async (id) => shown.delete(id));
});

const HOLD = { reason: 'hold', detail: '2' } as const;

it.each([
  ['in another tab', { active: false, focused: true }, 1],
  ['in a window without the focus', { active: true, focused: false }, 1],
  ['in front of the person', { active: true, focused: true }, 0],
  ['without the permission', { active: false, isAllowed: false }, 0],
])('notifies of a stop %s: %j', async (_, place, count) => {
  Object.assign(world, place);
  await followStop(7, { reason: null }, HOLD);
  expect(shown.size).toBe(count);
});

it('notifies once for each stop, and replaces the notification of an earlier one', async () => {
  await followStop(7, undefined, HOLD);
  await followStop(7, HOLD, HOLD);
  expect(vi.mocked(browser.notifications.create)).toHaveBeenCalledTimes(1);
  await followStop(7, HOLD, { reason: 'out_of_likes' });
  expect([...shown]).toEqual([['stop-7', 'reason_out_of_likes']]);
});

it('says nothing while it merely waits', async () => {
  for (const reason of REASON_CODES.filter((code) => !needsPerson(code))) {
    await followStop(7, { reason: null }, { reason });
  }
  expect(shown.size).toBe(0);
});

it('takes the notification back when the page continues, leaves or comes into sight', async () => {
  for (const end of [
    () => followStop(7, HOLD, { reason: null }),
    () => followStop(7, HOLD, { reason: 'page_loading' }),
    () => clearStop(7),
    () => clearSeen(1),
  ]) {
    await followStop(7, undefined, HOLD);
    expect(shown.size).toBe(1);
    await end();
    expect(shown.size).toBe(0);
  }
  await followStop(7, undefined, HOLD);
  await clearSeen(browser.windows.WINDOW_ID_NONE); // the browser has lost the focus
  expect(shown.size).toBe(1);
});

it('leads to the tab when it is clicked', async () => {
  const update = vi.spyOn(browser.tabs, 'update').mockResolvedValue({ windowId: 3 } as never);
  const focus = vi.spyOn(browser.windows, 'update').mockResolvedValue({} as never);
  await followStop(7, undefined, HOLD);
  await showStoppedTab('stop-7');
  expect([update.mock.lastCall, focus.mock.lastCall, shown.size]).toEqual([
    [7, { active: true }],
    [3, { focused: true }],
    0,
  ]);
});

it('names nothing of a profile: details appear only where they are counts', () => {
  const texts: Record<string, { message: string }> = JSON.parse(
    readFileSync(new URL('../../public/_locales/en/messages.json', import.meta.url), 'utf8'),
  );
  const detailed = REASON_CODES.filter(needsPerson).filter((reason) => {
    const [key] = noticeText({ reason, detail: 'DETAIL' }).split(' ');
    return texts[key!]!.message.includes('$1');
  });
  expect(detailed).toEqual(['hold', 'limit_session', 'limit_day', 'limit_likes', 'limit_share']);
  expect(noticeText({ reason: 'rule_hold', detail: 'Left: 52 km' })).toBe('notice_rule_hold');
  expect(noticeText({ reason: 'seen_before', detail: 'swiped' })).toBe('notice_seen_before');
});
