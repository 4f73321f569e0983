import { type Counted, type PageStatus, parsePageStatus } from '../messages.ts';
import { parseCounts } from '../own-messages.ts';
import { array, int, object, type Parsed, string } from '../parse.ts';
import { changeState, readState, type StoredState, watchState } from './stored-state.ts';

const parseSession = object({
  counts: parseCounts,
  /** The ids of what was counted last, because a report may come twice. */
  counted: array(string()),
  /** The status of each tab with a dating page. The tab that reported last is at the end. */
  pages: array(object({ tab: int(), status: parsePageStatus })),
});

/** The counts of this browser session and its open pages. */
export type SessionState = Parsed<typeof parseSession>;

const SESSION: StoredState<SessionState> = {
  area: 'session',
  key: 'session',
  parse: parseSession,
  migrations: [],
  initial: { counts: { seen: 0, right: 0, left: 0, held: 0 }, counted: [], pages: [] },
};

/** How many ids to remember. A report is resent within seconds, but other tabs may report in between. */
const MAX_IDS = 100;

/** Reads the session's counts and pages. */
export function readSession(): Promise<SessionState> {
  return readState(SESSION);
}

/** Calls back whenever the session's counts or pages change. */
export function watchSession(changed: () => void): void {
  watchState(SESSION, changed);
}

/** Stores the status of a page, and counts what it reports unless that was counted before. */
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

/** Removes the status of a tab that no longer has a dating page. */
export function forgetPage(tab: number): Promise<SessionState> {
  return changeState(SESSION, (state) => ({ ...state, pages: state.pages.filter((page) => page.tab !== tab) }));
}

function count(state: SessionState, what: Counted, id: string): SessionState {
  const { counts, counted } = state;
  if (counted.includes(id)) return state;
  return { ...state, counts: { ...counts, [what]: counts[what] + 1 }, counted: [...counted, id].slice(-MAX_IDS) };
}
