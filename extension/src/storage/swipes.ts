import * as z from 'zod/mini';
import type { StoredState } from './stored-state.ts';

const count = z.int().check(z.gte(0));

const permitSchema = z.object({
  id: z.string(),
  swipe: z.enum(['right', 'left']),
  tab: z.int(),
  /** Wall time. */
  atMs: z.number(),
  /** The day and session that it was counted under. */
  day: z.string(),
  session: z.int(),
  /** Its swipe was seen to be made: it can no longer be taken back. */
  settled: z.boolean(),
});

const swipesSchema = z.object({
  days: z.array(z.object({ day: z.string(), swipes: count, likes: count })),
  session: z.object({ number: z.int(), swipes: count, right: count }),
  permits: z.array(permitSchema),
});

const swipingTabSchema = z.object({
  tab: z.int(),
  /** When it last asked for a permit, wall time. */
  atMs: z.number(),
});

/** Leave for one swipe, as it was given and counted. */
export type Permit = z.infer<typeof permitSchema>;

/** What was swiped: counts of the last days and of the session, and the last permits, the newest at the end of each list. */
export type Swipes = z.infer<typeof swipesSchema>;

/** The one tab that swipes. */
export type SwipingTab = z.infer<typeof swipingTabSchema>;

/** Where counts and permits are stored. They outlive the browser. */
export const SWIPES: StoredState<Swipes> = {
  area: 'local',
  key: 'swipes',
  schema: swipesSchema,
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
  schema: swipingTabSchema,
  migrations: [],
  initial: undefined,
};
