import type { PermitAnswer } from '../../messages.ts';
import type { Reason } from '../../reasons.ts';
import { type Limits, MAX_PATIENCE } from '../../storage/settings.ts';
import type { Permit, Swipes, SwipingTab } from '../../storage/swipes.ts';

/**
 * A tab that hasn't asked for a permit for this long no longer swipes. At one swipe per minute, a tab asks every 60 s.
 */
const SWIPING_TAB_MS = 90_000;

/** How long an unreported swipe may still be in progress. Its page gives up after 10 s times its patience. */
const UNSETTLED_MS = 10_000 * MAX_PATIENCE + 5_000;

/**
 * Swipes in a session before the share of right swipes is limited. With fewer, a single like could exceed any share.
 */
const SHARE_FROM = 20;

/** How many permits to remember, so that they can be repeated, released or settled. A page has one at a time. */
const MAX_PERMITS = 30;

/** How many days to remember. If the clock or the time zone moves back, the counts of that day still apply. */
const MAX_DAYS = 14;

const PERMITTED = { permitted: true } as const;

/** The state that the rule depends on. */
export interface SwipeState {
  readonly swipes: Swipes;
  readonly swipingTab: SwipingTab | undefined;
}

/** A moment in local wall-clock time. */
export interface Moment {
  readonly ms: number;
  /** `YYYY-MM-DD`. */
  readonly day: string;
  /** `HH:MM`. */
  readonly time: string;
}

/** A swipe that a page wants to make. */
export interface PermitRequest {
  readonly id: string;
  readonly swipe: 'right' | 'left';
  readonly tab: number;
}

/** Converts a date to its local day and time. */
export function momentOf(date: Date): Moment {
  const two = (number: number) => String(number).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return { ms: date.getTime(), day, time: `${two(date.getHours())}:${two(date.getMinutes())}` };
}

/**
 * Grants or refuses a permit for a swipe. Permits count toward the limits, not the page's reports, so a lost report
 * can't push a session over a limit. A repeated request with the same id gets the same permit.
 */
export function permit(
  before: SwipeState,
  request: PermitRequest,
  limits: Limits,
  now: Moment,
): { state: SwipeState; answer: PermitAnswer } {
  const state = withoutFuture(before, now.ms);
  const { swipes } = state;
  const { id, swipe, tab } = request;
  if (anotherTabSwipes(state, tab, now.ms)) return { state, answer: { refused: 'other_tab' } };
  const swipingTab = { tab, atMs: now.ms };
  if (swipes.permits.some((known) => known.id === id)) return { state: { swipes, swipingTab }, answer: PERMITTED };
  const refused = refusal(state, swipe, limits, now);
  if (refused) return { state: { swipes, swipingTab: undefined }, answer: refused };
  const waitMs = paceMs(state, limits, now.ms);
  if (waitMs > 0) return { state: { swipes, swipingTab }, answer: { waitMs } };
  const granted = { ...request, atMs: now.ms, day: now.day, session: swipes.session.number, settled: false };
  return { state: { swipes: counted(swipes, granted, 1), swipingTab }, answer: PERMITTED };
}

/** Takes back a permit, because nothing was pressed. */
export function release(state: SwipeState, id: string): SwipeState {
  const unused = state.swipes.permits.find((known) => known.id === id && !known.settled);
  return unused ? { ...state, swipes: counted(state.swipes, unused, -1) } : state;
}

/** Settles a permit after its swipe was confirmed, or was pressed without being confirmed. It stays counted. */
export function settle(state: SwipeState, id: string): SwipeState {
  if (!state.swipes.permits.some((known) => known.id === id)) return state;
  const permits = state.swipes.permits.map((known) => (known.id === id ? { ...known, settled: true } : known));
  return { ...state, swipes: { ...state.swipes, permits } };
}

/** Lets another tab swipe, because this one stopped or paused. */
export function stopSwiping(state: SwipeState, tab: number): SwipeState {
  return state.swipingTab?.tab === tab ? { ...state, swipingTab: undefined } : state;
}

/** Ends a tab's swiping and settles its permits, because it was closed or loads another document. */
export function closeTab(state: SwipeState, tab: number): SwipeState {
  const { swipes, swipingTab } = stopSwiping(state, tab);
  const permits = swipes.permits.map((known) => (known.tab === tab ? { ...known, settled: true } : known));
  return { swipes: { ...swipes, permits }, swipingTab };
}

/** Starts a new session with counts of 0. */
export function beginSession(state: SwipeState): SwipeState {
  const { session } = state.swipes;
  if (session.swipes === 0) return state;
  return { ...state, swipes: { ...state.swipes, session: { number: session.number + 1, swipes: 0, right: 0 } } };
}

/** Returns the swipes and likes on a day. */
export function swipedOn(swipes: Swipes, day: string): { swipes: number; likes: number } {
  const { swipes: count, likes } = swipes.days.find((known) => known.day === day) ?? { swipes: 0, likes: 0 };
  return { swipes: count, likes };
}

/** Moves future times to now. They appear if the wall clock goes back, and waiting for them could take an hour. */
function withoutFuture({ swipes, swipingTab }: SwipeState, nowMs: number): SwipeState {
  const permits = swipes.permits.map((known) => (known.atMs > nowMs ? { ...known, atMs: nowMs } : known));
  const moved = permits.some((known, index) => known !== swipes.permits[index]);
  return {
    swipes: moved ? { ...swipes, permits } : swipes,
    swipingTab: swipingTab && { ...swipingTab, atMs: Math.min(swipingTab.atMs, nowMs) },
  };
}

/** True if another tab is the swiping tab or may have a swipe in progress. Two tabs never swipe at the same time. */
function anotherTabSwipes({ swipes, swipingTab }: SwipeState, tab: number, nowMs: number): boolean {
  if (swipingTab && swipingTab.tab !== tab && nowMs - swipingTab.atMs < SWIPING_TAB_MS) return true;
  return swipes.permits.some((known) => known.tab !== tab && !known.settled && nowMs - known.atMs < UNSETTLED_MS);
}

function refusal(
  state: SwipeState,
  swipe: 'right' | 'left',
  limits: Limits,
  now: Moment,
): { refused: Reason; detail: string } | undefined {
  const { activeHours, perDay, likesPerDay, perSession, rightShare } = limits;
  const today = swipedOn(state.swipes, now.day);
  const { session } = state.swipes;
  const refuse = (refused: Reason, detail: number | string) => ({ refused, detail: String(detail) });
  if (activeHours && !isWithin(activeHours, now.time)) {
    return refuse('outside_hours', `${activeHours.from}–${activeHours.to}`);
  }
  if (perDay !== null && today.swipes >= perDay) return refuse('limit_day', perDay);
  if (swipe === 'right' && likesPerDay !== null && today.likes >= likesPerDay)
    return refuse('limit_likes', likesPerDay);
  if (perSession !== null && session.swipes >= perSession) return refuse('limit_session', perSession);
  if (swipe === 'left' || rightShare === null || session.swipes < SHARE_FROM) return undefined;
  const share = (session.right + 1) / (session.swipes + 1);
  return share > rightShare ? refuse('limit_share', rightShare) : undefined;
}

/** True from `from` up to but excluding `to`. A range such as 22:00–06:00 spans midnight. Equal times mean all day. */
function isWithin({ from, to }: { from: string; to: string }, time: string): boolean {
  if (from === to) return true;
  return from < to ? from <= time && time < to : from <= time || time < to;
}

/** Returns the milliseconds until the pace allows the next swipe. */
function paceMs({ swipes }: SwipeState, { perMinute }: Limits, nowMs: number): number {
  if (perMinute === null) return 0;
  const lastMs = Math.max(...swipes.permits.map(({ atMs }) => atMs), Number.NEGATIVE_INFINITY);
  return Math.max(0, Math.ceil(lastMs + 60_000 / perMinute - nowMs));
}

/** Adds a permit to the counts (1), or removes it from them (-1). */
function counted(swipes: Swipes, permit: Permit, by: 1 | -1): Swipes {
  const { session } = swipes;
  const right = permit.swipe === 'right' ? by : 0;
  const { day } = permit;
  const before = swipes.days.find((known) => known.day === day) ?? { day, swipes: 0, likes: 0 };
  const others = swipes.days.filter((known) => known !== before);
  const days = [...others, { day, swipes: before.swipes + by, likes: before.likes + right }].slice(-MAX_DAYS);
  const rest = swipes.permits.filter(({ id }) => id !== permit.id);
  const permits = (by === 1 ? [...rest, permit] : rest).slice(-MAX_PERMITS);
  return {
    days,
    session:
      session.number === permit.session
        ? { ...session, swipes: session.swipes + by, right: session.right + right }
        : session,
    // Forget permits of forgotten days, because releasing one would lower the count of another day.
    permits: permits.filter((known) => days.some((kept) => kept.day === known.day)),
  };
}
