import browser from 'webextension-polyfill';
import * as z from 'zod/mini';
import { type Counted, type Counts, countsSchema, type PageStatus, pageStatusSchema } from '../messages.ts';

const KEY = 'session';

const sessionSchema = z.object({
  counts: countsSchema,
  /** What each tab with a dating page is doing, the one that spoke last at the end. */
  pages: z.array(z.object({ tab: z.int(), status: pageStatusSchema })),
});

/** See {@link SessionLog}. */
export type SessionState = z.infer<typeof sessionSchema>;

const EMPTY: SessionState = { counts: { seen: 0, right: 0, left: 0, held: 0 }, pages: [] };

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
  report(tab: number, status: PageStatus, counted?: Counted): Promise<SessionState> {
    return this.#change(({ counts, pages }) => ({
      counts: counted ? addTo(counts, counted) : counts,
      pages: [...pages.filter((page) => page.tab !== tab), { tab, status }],
    }));
  }

  /** A tab has no dating page any more. */
  forget(tab: number): Promise<SessionState> {
    return this.#change(({ counts, pages }) => ({ counts, pages: pages.filter((page) => page.tab !== tab) }));
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

const addTo = (counts: Counts, counted: Counted): Counts => ({ ...counts, [counted]: counts[counted] + 1 });
