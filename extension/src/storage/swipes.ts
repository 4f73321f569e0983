import { array, boolean, int, number, object, oneOf, type Parsed, string } from '../parse.ts';
import type { StoredState } from './stored-state.ts';

const count = int(0);

const parsePermit = object({
  id: string(),
  swipe: oneOf(['right', 'left']),
  tab: int(),
  /** Wall time. */
  atMs: number(),
  /** The day and session that it was counted under. */
  day: string(),
  session: int(),
  /** Its swipe was seen to be made: it can no longer be taken back. */
  settled: boolean,
});

const parseSwipes = object({
  days: array(object({ day: string(), swipes: count, likes: count })),
  session: object({ number: int(), swipes: count, right: count }),
  permits: array(parsePermit),
});

const parseSwipingTab = object({
  tab: int(),
  /** When it last asked for a permit, wall time. */
  atMs: number(),
});

/** Leave for one swipe, as it was given and counted. */
export type Permit = Parsed<typeof parsePermit>;

/** What was swiped: counts of the last days and of the session, and the last permits, the newest at the end of each list. */
export type Swipes = Parsed<typeof parseSwipes>;

/** The one tab that swipes. */
export type SwipingTab = Parsed<typeof parseSwipingTab>;

/** Where counts and permits are stored. They outlive the browser. */
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

/** Where the swiping tab is stored. A tab does not outlive the browser, and neither does this. */
export const SWIPING_TAB: StoredState<SwipingTab | undefined> = {
  area: 'session',
  key: 'turn', // its first name, so that an update still finds it
  parse: parseSwipingTab,
  migrations: [],
  initial: undefined,
};
