import type { PermitAnswer } from '../../messages.ts';
import type { Reason } from '../../reasons.ts';
import { type Limits, MAX_PATIENCE } from '../../storage/settings.ts';
import type { Permit, Swipes, SwipingTab } from '../../storage/swipes.ts';

/** A tab that asked for no permit for this long no longer swipes; at one swipe per minute it asks every 60 s. */
const SWIPING_TAB_MS = 90_000;

/** A swipe whose end nobody reported may be under way for this long: its page gives up after 10 s times its patience. */
const UNSETTLED_MS = 10_000 * MAX_PATIENCE + 5_000;

/** The share of right swipes is judged from here on: of few swipes, one like is over any share. */
const SHARE_FROM = 20;

/** Permits that are remembered: to be asked for again, released or settled. A page has one at a time. */
const MAX_PERMITS = 30;

/** Days that are remembered: where the wall's clock or the time zone goes back, that day's counts still hold. */
const MAX_DAYS = 14;

const PERMITTED = { permitted: true } as const;

/** Everything that the rule looks at. */
export interface SwipeState {
  readonly swipes: Swipes;
  readonly swipingTab: SwipingTab | undefined;
}

/** A moment, as a clock on the person's wall has it. */
export interface Moment {
  readonly ms: number;
  /** `YYYY-MM-DD`. */
  readonly day: string;
  /** `HH:MM`. */
  readonly time: string;
}

/** The swipe that a page wants to make. */
export interface PermitRequest {
  readonly id: string;
  readonly swipe: 'right' | 'left';
  readonly tab: number;
}

/** A date as the rule sees it: the local day and time. */
export function momentOf(date: Date): Moment {
  const two = (number: number) => String(number).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return { ms: date.getTime(), day, time: `${two(date.getHours())}:${two(date.getMinutes())}` };
}

/**
 * May this swipe be made now? A permit is the count: it is counted when it is given, not when the page reports the swipe, so
 * no lost report ever lets a limit be exceeded. Asked again under its id, it is the same permit.
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
  const given = { ...request, atMs: now.ms, day: now.day, session: swipes.session.number, settled: false };
  return { state: { swipes: counted(swipes, given, 1), swipingTab }, answer: PERMITTED };
}

/** Nothing was pressed under this permit: it is taken back. */
export function release(state: SwipeState, id: string): SwipeState {
  const unused = state.swipes.permits.find((known) => known.id === id && !known.settled);
  return unused ? { ...state, swipes: counted(state.swipes, unused, -1) } : state;
}

/** The swipe of this permit was seen to be made, or given up after a press: it is over, and stays counted. */
export function settle(state: SwipeState, id: string): SwipeState {
  if (!state.swipes.permits.some((known) => known.id === id)) return state;
  const permits = state.swipes.permits.map((known) => (known.id === id ? { ...known, settled: true } : known));
  return { ...state, swipes: { ...state.swipes, permits } };
}

/** A tab stops swiping, for good or for a while, so another one may. */
export function stopSwiping(state: SwipeState, tab: number): SwipeState {
  return state.swipingTab?.tab === tab ? { ...state, swipingTab: undefined } : state;
}

/** A tab was closed, or loads another document: it swipes no more, and whatever it had under way is over. */
export function closeTab(state: SwipeState, tab: number): SwipeState {
  const { swipes, swipingTab } = stopSwiping(state, tab);
  const permits = swipes.permits.map((known) => (known.tab === tab ? { ...known, settled: true } : known));
  return { swipes: { ...swipes, permits }, swipingTab };
}

/** The session's counts start at 0 again. */
export function beginSession(state: SwipeState): SwipeState {
  const { session } = state.swipes;
  if (session.swipes === 0) return state;
  return { ...state, swipes: { ...state.swipes, session: { number: session.number + 1, swipes: 0, right: 0 } } };
}

/** What was swiped on a day. */
export function swipedOn(swipes: Swipes, day: string): { swipes: number; likes: number } {
  const { swipes: made, likes } = swipes.days.find((known) => known.day === day) ?? { swipes: 0, likes: 0 };
  return { swipes: made, likes };
}

/** If the wall clock went back, what lies ahead of it happened now: nobody waits for a moment that is an hour off. */
function withoutFuture({ swipes, swipingTab }: SwipeState, nowMs: number): SwipeState {
  const permits = swipes.permits.map((known) => (known.atMs > nowMs ? { ...known, atMs: nowMs } : known));
  const moved = permits.some((known, index) => known !== swipes.permits[index]);
  return {
    swipes: moved ? { ...swipes, permits } : swipes,
    swipingTab: swipingTab && { ...swipingTab, atMs: Math.min(swipingTab.atMs, nowMs) },
  };
}

/** Two tabs never both swipe: another one is the swiping tab, or a swipe of it may be under way. */
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
  return share > rightShare ? refuse('limit_share', `${Math.round(rightShare * 1e4) / 100} %`) : undefined;
}

/** `from` is within, `to` is not; from 22:00 to 06:00 it is night, and from a time to itself the whole day. */
function isWithin({ from, to }: { from: string; to: string }, time: string): boolean {
  if (from === to) return true;
  return from < to ? from <= time && time < to : from <= time || time < to;
}

/** Milliseconds until the pace lets the next swipe be made. */
function paceMs({ swipes }: SwipeState, { perMinute }: Limits, nowMs: number): number {
  if (perMinute === null) return 0;
  const lastMs = Math.max(...swipes.permits.map(({ atMs }) => atMs), Number.NEGATIVE_INFINITY);
  return Math.max(0, Math.ceil(lastMs + 60_000 / perMinute - nowMs));
}

/** Counts a permit (1), or takes it back (-1). */
function counted(swipes: Swipes, given: Permit, by: 1 | -1): Swipes {
  const { session } = swipes;
  const right = given.swipe === 'right' ? by : 0;
  const { day } = given;
  const before = swipes.days.find((known) => known.day === day) ?? { day, swipes: 0, likes: 0 };
  const others = swipes.days.filter((known) => known !== before);
  const days = [...others, { day, swipes: before.swipes + by, likes: before.likes + right }].slice(-MAX_DAYS);
  const rest = swipes.permits.filter(({ id }) => id !== given.id);
  const permits = (by === 1 ? [...rest, given] : rest).slice(-MAX_PERMITS);
  return {
    days,
    session:
      session.number === given.session
        ? { ...session, swipes: session.swipes + by, right: session.right + right }
        : session,
    // One whose day is forgotten could only be taken back from another's count.
    permits: permits.filter((known) => days.some((kept) => kept.day === known.day)),
  };
}
