import * as z from 'zod/mini';
import type { PermitAnswer } from '../messages.ts';
import type { Reason } from '../reasons.ts';
import { type Limits, MAX_PATIENCE } from '../settings.ts';

/** A tab whose last permit is older than this has lost its turn; at one swipe a minute it asks for one every 60 s. */
const TURN_MS = 90_000;

/** A swipe that nobody said the end of may be under way for so long: its page gives up after 10 s times its patience. */
const UNSETTLED_MS = 10_000 * MAX_PATIENCE + 5_000;

/** The share of right swipes is judged from here on: of few swipes, one like is over any share. */
const SHARE_FROM = 20;

/** Grants that are remembered: to be asked for again, released or settled. A page has one at a time. */
const MAX_GRANTS = 30;

/** Days that are remembered: where the wall's clock or the time zone goes back, that day's counts still hold. */
const MAX_DAYS = 14;

const count = z.int().check(z.gte(0));

const grantSchema = z.object({
  id: z.string(),
  swipe: z.enum(['right', 'left']),
  tab: z.int(),
  /** The wall's time. */
  atMs: z.number(),
  /** What it was counted under. */
  day: z.string(),
  session: z.int(),
  /** Its swipe was seen to be made: it can no longer be taken back. */
  settled: z.boolean(),
});

type Grant = z.infer<typeof grantSchema>;

/** What is kept of swipes: counts, the newest days and grants at the end. */
export const swipesSchema = z.object({
  days: z.array(z.object({ day: z.string(), swipes: count, likes: count })),
  session: z.object({ number: z.int(), swipes: count, right: count }),
  grants: z.array(grantSchema),
});

/** The one tab that swipes, and when it last asked for a permit (the wall's time). */
export const turnSchema = z.nullable(z.object({ tab: z.int(), atMs: z.number() }));

/** Everything that the rule looks at. */
export interface SwipeState {
  readonly swipes: z.infer<typeof swipesSchema>;
  readonly turn: z.infer<typeof turnSchema>;
}

/** Nothing was swiped yet. */
export const NO_SWIPES: SwipeState = {
  swipes: { days: [], session: { number: 1, swipes: 0, right: 0 }, grants: [] },
  turn: null,
};

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
 * May this swipe be made now? A grant is the count: it is counted when it is given, not when the page says that the swipe
 * was made, so no lost report ever lets a limit be exceeded. Asked again under its id it is the same grant.
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
  if (isOthers(state, tab, now.ms)) return { state, answer: { refused: 'other_tab' } };
  const turn = { tab, atMs: now.ms };
  if (swipes.grants.some((grant) => grant.id === id)) return { state: { swipes, turn }, answer: { granted: true } };
  const refused = refusal(state, swipe, limits, now);
  if (refused) return { state: { swipes, turn: null }, answer: refused };
  const waitMs = paceMs(state, limits, now.ms);
  if (waitMs > 0) return { state: { swipes, turn }, answer: { waitMs } };
  const grant = { ...request, atMs: now.ms, day: now.day, session: swipes.session.number, settled: false };
  return { state: { swipes: counted(swipes, grant, 1), turn }, answer: { granted: true } };
}

/** Nothing was pressed under this grant: it is taken back. */
export function release(state: SwipeState, id: string): SwipeState {
  const grant = state.swipes.grants.find((known) => known.id === id && !known.settled);
  return grant ? { ...state, swipes: counted(state.swipes, grant, -1) } : state;
}

/** The swipe of this grant was seen to be made, or given up after a press: it is over, and stays counted. */
export function settle(state: SwipeState, id: string): SwipeState {
  if (!state.swipes.grants.some((grant) => grant.id === id)) return state;
  const grants = state.swipes.grants.map((grant) => (grant.id === id ? { ...grant, settled: true } : grant));
  return { ...state, swipes: { ...state.swipes, grants } };
}

/** A tab does not swipe any more, or for a while: its turn ends. */
export function yielded(state: SwipeState, tab: number): SwipeState {
  return state.turn?.tab === tab ? { ...state, turn: null } : state;
}

/** A tab was closed, or loads another document: its turn is over, and so is whatever it had under way. */
export function closed({ swipes, turn }: SwipeState, tab: number): SwipeState {
  const grants = swipes.grants.map((grant) => (grant.tab === tab ? { ...grant, settled: true } : grant));
  return { swipes: { ...swipes, grants }, turn: turn?.tab === tab ? null : turn };
}

/** The counts of a session begin anew. */
export function beginSession(state: SwipeState): SwipeState {
  const { swipes, turn } = state;
  if (swipes.session.swipes === 0) return state;
  return { swipes: { ...swipes, session: { number: swipes.session.number + 1, swipes: 0, right: 0 } }, turn };
}

/** What was swiped on a day. */
export function swipedOn({ swipes }: SwipeState, day: string): { swipes: number; likes: number } {
  const { swipes: made, likes } = swipes.days.find((known) => known.day === day) ?? { swipes: 0, likes: 0 };
  return { swipes: made, likes };
}

/** Where the wall's clock went back, what lies ahead of it happened now: nobody waits for a moment that is an hour off. */
function withoutFuture(state: SwipeState, nowMs: number): SwipeState {
  const { swipes, turn } = state;
  const grants = swipes.grants.map((grant) => (grant.atMs > nowMs ? { ...grant, atMs: nowMs } : grant));
  return {
    swipes: grants.some((grant, index) => grant !== swipes.grants[index]) ? { ...swipes, grants } : swipes,
    turn: turn && { ...turn, atMs: Math.min(turn.atMs, nowMs) },
  };
}

/** Two tabs never both swipe: another one has the turn, or a swipe of it may be under way. */
function isOthers({ swipes, turn }: SwipeState, tab: number, nowMs: number): boolean {
  if (turn && turn.tab !== tab && nowMs - turn.atMs < TURN_MS) return true;
  return swipes.grants.some((grant) => grant.tab !== tab && !grant.settled && nowMs - grant.atMs < UNSETTLED_MS);
}

function refusal(
  state: SwipeState,
  swipe: 'right' | 'left',
  limits: Limits,
  now: Moment,
): { refused: Reason; detail: string } | undefined {
  const { activeHours, perDay, likesPerDay, perSession, rightShare } = limits;
  const today = swipedOn(state, now.day);
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
  const lastMs = Math.max(...swipes.grants.map(({ atMs }) => atMs), Number.NEGATIVE_INFINITY);
  return Math.max(0, Math.ceil(lastMs + 60_000 / perMinute - nowMs));
}

/** Counts a grant (1), or takes it back (-1). */
function counted(swipes: SwipeState['swipes'], grant: Grant, by: 1 | -1): SwipeState['swipes'] {
  const { session } = swipes;
  const right = grant.swipe === 'right' ? by : 0;
  const { day } = grant;
  const before = swipes.days.find((known) => known.day === day) ?? { day, swipes: 0, likes: 0 };
  const others = swipes.days.filter((known) => known !== before);
  const days = [...others, { day, swipes: before.swipes + by, likes: before.likes + right }].slice(-MAX_DAYS);
  const rest = swipes.grants.filter(({ id }) => id !== grant.id);
  const grants = (by === 1 ? [...rest, grant] : rest).slice(-MAX_GRANTS);
  return {
    days,
    session:
      session.number === grant.session
        ? { ...session, swipes: session.swipes + by, right: session.right + right }
        : session,
    // One whose day is forgotten could only be taken back from another's count.
    grants: grants.filter((known) => days.some((kept) => kept.day === known.day)),
  };
}
