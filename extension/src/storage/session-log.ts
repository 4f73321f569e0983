import { type Counted, type PageStatus, parsePageStatus } from '../messages.ts';
import { parseCounts } from '../own-messages.ts';
import { array, int, object, type Parsed, string } from '../parse.ts';
import { changeState, readState, type StoredState, watchState } from './stored-state.ts';

const parseSession = object({
  counts: parseCounts,
  /** The ids of what was counted lately: a report may come twice. */
  counted: array(string()),
  /** What each tab with a dating page is doing, the one that reported last at the end. */
  pages: array(object({ tab: int(), status: parsePageStatus })),
});

/** This browser session's counts, and the pages open in it. */
export type SessionState = Parsed<typeof parseSession>;

const SESSION: StoredState<SessionState> = {
  area: 'session',
  key: 'session',
  parse: parseSession,
  migrations: [],
  initial: { counts: { seen: 0, right: 0, left: 0, held: 0 }, counted: [], pages: [] },
};

/** Ids that are remembered: a report is sent again within seconds, in which other tabs report too. */
const MAX_IDS = 100;

/** Reads the session's counts and pages. */
export function readSession(): Promise<SessionState> {
  return readState(SESSION);
}

/** Calls back whenever the session's counts or pages change. */
export function watchSession(changed: () => void): void {
  watchState(SESSION, changed);
}

/** Notes what a page is doing, and counts what it has to count. */
export function reportPage(
  tab: number,
  status: PageStatus,
  counted?: { what: Counted; id: string },
): Promise<SessionState> {
  return changeState(SESSION, (state) => ({
    ...(counted ? count(state, counted.what, `${tab} ${counted.id}`) : state),
    pages: [...state.pages.filter((page) => page.tab !== tab), { tab, status }],
  }));
}

/** Forgets the page of a tab that has no dating page any more. */
export function forgetPage(tab: number): Promise<SessionState> {
  return changeState(SESSION, (state) => ({ ...state, pages: state.pages.filter((page) => page.tab !== tab) }));
}

function count(state: SessionState, what: Counted, id: string): SessionState {
  const { counts, counted } = state;
  if (counted.includes(id)) return state;
  return { ...state, counts: { ...counts, [what]: counts[what] + 1 }, counted: [...counted, id].slice(-MAX_IDS) };
}
