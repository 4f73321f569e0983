import type { Page } from 'playwright-core';
import type { Rules } from '../../extension/src/rules/rules.ts';
import type { ExtensionBrowser } from '../support/extension-browser.ts';
import type { FakeSwipeServer } from '../support/fake-swipe-server.ts';
import type { MadeBio } from '../support/made-words.ts';
import { StubScorer } from '../twins/stub-scorer.ts';
import { seededPlans } from '../twins/tinder/plans.ts';
import { TwinServer } from '../twins/tinder/server.ts';
import { openTwin } from '../twins/tinder/twin-handle.ts';
import { openTinderBrowser } from '../twins/tinder-browser.ts';
import type { Chaos, Moment } from './chaos.ts';
import { ExtensionView, NO_LIMITS, type StoredLimits } from './extension-view.ts';

/** The key of profile IDs, which a real server makes up. */
export const PROFILE_KEY = 'vQ0b5rXo1mKq8nG3cZ7yT2uJ4hE6wS9dF1aL0pRxVbM';

/** How a table is laid. */
export interface TableOptions {
  readonly chromium: string;
  readonly seed: number;
  readonly profiles: number;
  readonly chaos: Chaos;
  readonly limits?: StoredLimits;
  readonly patience: number;
  /** The person's rules; off unless they are given. */
  readonly rules?: Rules;
  /** Keeps the swipes that the extension learns from, to which the person has agreed. Without it, they haven't. */
  readonly swipes?: FakeSwipeServer;
  /** Labeled bios whose words join the decision. Without them, words are off. They need `swipes`. */
  readonly bios?: readonly MadeBio[];
  /** Another build of the extension. */
  readonly folder?: string;
}

/** What a run is played on: a twin, a scorer, a browser with the extension, and a tab at the front. */
export class Table {
  readonly twin: TwinServer;
  readonly scorer: StubScorer;
  readonly browser: ExtensionBrowser;
  readonly view: ExtensionView;
  readonly page: Page;
  /** Told of each moment of a profile, by its position. */
  onMoment: (what: Moment, step: number) => void = () => {};

  private constructor(parts: Pick<Table, 'twin' | 'scorer' | 'browser' | 'view' | 'page'>) {
    this.twin = parts.twin;
    this.scorer = parts.scorer;
    this.browser = parts.browser;
    this.view = parts.view;
    this.page = parts.page;
  }

  /** Lays it; the control stands on Show. */
  static async open(options: TableOptions): Promise<Table> {
    const { chromium, seed, profiles, chaos, limits = NO_LIMITS, patience, rules, folder, swipes, bios } = options;
    let table: Table | undefined;
    const twin = await TwinServer.start({
      seed,
      profiles,
      rates: chaos.profiles,
      plan: seededPlans(seed, chaos.plans),
      slowMs: 250,
      onMoment: ({ what, step }) => table?.onMoment(what, step),
    });
    const scorer = await StubScorer.start({
      seed,
      busyRate: chaos.busy,
      ...(swipes && { swipes }),
      onScore: ([profile = '']) => table?.onMoment('score', twin.deck.indexOf(profile) ?? -1),
    });
    const browser = await openTinderBrowser(chromium, twin, folder === undefined ? {} : { folder });
    const server = { address: scorer.url, token: scorer.token, profileKey: swipes ? PROFILE_KEY : '' };
    const view = await ExtensionView.open(browser, {
      mode: 'show',
      server,
      limits,
      patience,
      ...(rules && { rules }),
      learns: swipes !== undefined,
      words: bios !== undefined,
    });
    if (bios) await view.keep(bios);
    for (const other of browser.context.pages()) if (other.url().endsWith('/consent.html')) await other.close();
    const page = await browser.context.newPage();
    await page.setViewportSize({ width: 760, height: 600 }); // what is drawn costs time, by its size
    table = new Table({ twin, scorer, browser, view, page });
    return table;
  }

  /** Loads the page, at a path with its query. */
  async load(path: string): Promise<void> {
    this.view.order('load');
    await openTwin(this.page, path);
  }

  /** Ends the extension's worker, as the browser does; false where none ran. */
  async endWorker(): Promise<boolean> {
    const session = await this.browser.context.browser()?.newBrowserCDPSession();
    if (!session) return false;
    try {
      const { targetInfos } = await session.send('Target.getTargets');
      const worker = targetInfos.find(({ type }) => type === 'service_worker');
      return worker ? (await session.send('Target.closeTarget', { targetId: worker.targetId })).success : false;
    } finally {
      await session.detach();
    }
  }

  /** Clears it. */
  async close(): Promise<void> {
    await this.browser.close();
    await Promise.all([this.twin.close(), this.scorer.stop()]);
  }
}
