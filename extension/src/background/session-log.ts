import browser from 'webextension-polyfill';
import * as z from 'zod/mini';
import { type Counted, type PageStatus, pageStatusSchema } from '../messages.ts';
import { countsSchema } from '../own-messages.ts';

const KEY = 'session';

const sessionSchema = z.object({
  counts: countsSchema,
  /** The ids of what was counted lately: a report may come twice. */
  counted: z.array(z.string()),
  /** What each tab with a dating page is doing, the one that spoke last at the end. */
  pages: z.array(z.object({ tab: z.int(), status: pageStatusSchema })),
});

/** See {@link SessionLog}. */
export type SessionState = z.infer<typeof sessionSchema>;

const EMPTY: SessionState = { counts: { seen: 0, right: 0, left: 0, held: 0 }, counted: [], pages: [] };

/** Ids that are remembered: a report is sent again within seconds, in which other tabs report too. */
const MAX_IDS = 100;

/** This browser session's counts and pages, in `storage.session`: they outlive the worker and reach no disk. */
export class SessionLog {
  /** Changes are made one after the other: each reads what the one before has written. */
  #last: Promise<unknown> = Promise.resolve();

  /** What is known now. */
  async read(): Promise<SessionState> {
    const stored = await browser.storage.session.get(KEY);
    return sessionSchema.safeParse(stored[KEY]).data ?? EMPTY;
  }

  /** A page said what it does, and what there is to count. */
  report(tab: number, status: PageStatus, counted?: { what: Counted; id: string }): Promise<SessionState> {
    return this.#change((state) => ({
      ...(counted ? count(state, counted.what, `${tab} ${counted.id}`) : state),
      pages: [...state.pages.filter((page) => page.tab !== tab), { tab, status }],
    }));
  }

  /** A tab has no dating page any more. */
  forget(tab: number): Promise<SessionState> {
    return this.#change((state) => ({ ...state, pages: state.pages.filter((page) => page.tab !== tab) }));
  }

  #change(change: (state: SessionState) => SessionState): Promise<SessionState> {
    const changing = this.#last.then(async () => {
      const state = change(await this.read());
      await browser.storage.session.set({ [KEY]: state });
      return state;
    });
    this.#last = changing.catch(() => undefined);
    return changing;
  }
}

/** Calls back whenever a session's counts or pages change. */
export function watchSession(changed: () => void): void {
  browser.storage.session.onChanged.addListener((changes) => {
    if (KEY in changes) changed();
  });
}

function count(state: SessionState, what: Counted, id: string): SessionState {
  const { counts, counted } = state;
  if (counted.includes(id)) return state;
  return { ...state, counts: { ...counts, [what]: counts[what] + 1 }, counted: [...counted, id].slice(-MAX_IDS) };
}
