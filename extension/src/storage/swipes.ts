import { array, boolean, int, number, object, oneOf, type Parsed, string } from '../parse.ts';
import type { StoredState } from './stored-state.ts';

const count = int(0);

const parsePermit = object({
  id: string(),
  swipe: oneOf(['right', 'left']),
  tab: int(),
  /** Wall-clock time. */
  atMs: number(),
  /** The day and session that it was counted in. */
  day: string(),
  session: int(),
  /** True once its swipe is over. It can no longer be released. */
  settled: boolean,
});

const parseSwipes = object({
  days: array(object({ day: string(), swipes: count, likes: count })),
  session: object({ number: int(), swipes: count, right: count }),
  permits: array(parsePermit),
});

const parseSwipingTab = object({
  tab: int(),
  /** When it last asked for a permit, in wall-clock time. */
  atMs: number(),
});

/** Permission for one swipe, as it was granted and counted. */
export type Permit = Parsed<typeof parsePermit>;

/** Counts of the last days and of the session, and the last permits. Both lists have the newest entry last. */
export type Swipes = Parsed<typeof parseSwipes>;

/** The only tab that may swipe. */
export type SwipingTab = Parsed<typeof parseSwipingTab>;

/** The stored counts and permits, which outlive the browser. */
export const SWIPES: StoredState<Swipes> = {
  area: 'local',
  key: 'swipes',
  parse: parseSwipes,
  migrations: [
    // 2: permits were called grants
    ({ grants, ...rest }) => ({ ...rest, permits: grants }),
  ],
  initial: { days: [], session: { number: 1, swipes: 0, right: 0 }, permits: [] },
};

/** The stored swiping tab. Like the tab, it doesn't outlive the browser. */
export const SWIPING_TAB: StoredState<SwipingTab | undefined> = {
  area: 'session',
  key: 'turn', // the original name, so that an update still finds it
  parse: parseSwipingTab,
  migrations: [],
  initial: undefined,
};
