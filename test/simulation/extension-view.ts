import type { Page } from 'playwright-core';
import { DEFAULT_RULES, type Rules } from '../../extension/src/rules/rules.ts';
import type { Settings } from '../../extension/src/storage/settings.ts';
import { NO_THRESHOLDS } from '../../extension/src/storage/thresholds.ts';
import type { ExtensionBrowser } from '../support/extension-browser.ts';
import { type MadeBio, storeBios } from '../support/made-words.ts';
import { wallMs } from '../twins/tinder/record.ts';

/** What a session counts. */
export interface SeenCounts {
  readonly seen: number;
  readonly right: number;
  readonly left: number;
  readonly held: number;
}

/** What the extension says of its page. */
export interface SeenStatus {
  readonly reason: string | null;
  readonly detail?: string | undefined;
}

/** What is stored of swipes, as far as it is looked at. */
export interface SeenLedger {
  readonly days: readonly { readonly day: string; readonly swipes: number; readonly likes: number }[];
  readonly session: { readonly number: number; readonly swipes: number; readonly right: number };
  readonly permits: readonly { readonly id: string; readonly atMs: number; readonly swipe: 'right' | 'left' }[];
}

/** The session as it is stored (extension/src/storage/session-log.ts). */
interface StoredSession {
  readonly counts: SeenCounts;
  readonly pages: readonly { readonly tab: number; readonly status: SeenStatus }[];
}

/** Something that the simulation told the extension. */
export interface Order {
  readonly what: 'resume' | 'settings' | 'load';
  readonly atMs: number;
}

/** Limits as they are stored; null: off. */
export interface StoredLimits {
  readonly perMinute: number | null;
  readonly perSession: number | null;
  readonly perDay: number | null;
  readonly likesPerDay: number | null;
  readonly activeHours: { readonly from: string; readonly to: string } | null;
  readonly rightShare: number | null;
}

/** Every limit off. */
export const NO_LIMITS: StoredLimits = {
  perMinute: null,
  perSession: null,
  perDay: null,
  likesPerDay: null,
  activeHours: null,
  rightShare: null,
};

/** What is set at the start; see extension/src/storage/settings.ts. */
export interface StoredSettings {
  readonly mode: 'off' | 'show' | 'learn' | 'swipe';
  readonly server: { readonly address: string; readonly token: string; readonly profileKey: string };
  readonly limits: StoredLimits;
  readonly patience: number;
  /** Off unless they are set. */
  readonly rules?: Rules;
  /** The person agreed that their swipes are learned from. */
  readonly learns: boolean;
  /** The words of bios join the decision. */
  readonly words: boolean;
}

/** What is set about learning. There are no spot checks and no questions, since these belong to Swipe. */
const TASTE = {
  fromShow: false,
  asksMe: false,
  spotCheckEvery: null,
  swipeAnyway: null,
  knowsQuality: true,
};

/** Longer than any run. */
const DECADE_MS = 3.2e11;

const NOTHING: SeenCounts = { seen: 0, right: 0, left: 0, held: 0 };

/** A page of the extension's own in a tab at the back: it tells what is stored, and says what a person says in the popup. */
export class ExtensionView {
  readonly #page: Page;
  readonly #listeners = new Set<() => void>();
  #session: StoredSession = { counts: NOTHING, pages: [] };
  #settings: StoredSettings;
  /** Every status, in order, with the time at which it was heard. */
  readonly statuses: (SeenStatus & { readonly atMs: number })[] = [];
  /** Where the control was moved, and when. */
  readonly moves: { readonly mode: StoredSettings['mode']; readonly atMs: number }[] = [];
  /** Everything that it was told. */
  readonly orders: Order[] = [];

  private constructor(page: Page, settings: StoredSettings) {
    this.#page = page;
    this.#settings = settings;
  }

  /** Opens it, with the consent page that a fresh extension shows closed, and stores the settings. */
  static async open(browser: ExtensionBrowser, settings: StoredSettings): Promise<ExtensionView> {
    const page = await browser.openOwn('options.html');
    const view = new ExtensionView(page, settings);
    await page.exposeFunction('heard', (session: StoredSession | undefined) => session && view.#hear(session));
    await page.evaluate(() => {
      const { chrome, heard } = globalThis as never as ChromePage & { heard: (session: unknown) => void };
      chrome.storage.session.onChanged.addListener(({ session }) => session && heard(session.newValue));
    });
    await view.set({});
    return view;
  }

  /** What is counted. */
  get counts(): SeenCounts {
    return this.#session.counts;
  }

  /** What the page that spoke last does. */
  get status(): SeenStatus | undefined {
    return this.#session.pages.at(-1)?.status;
  }

  /** Where the control stands. */
  get mode(): StoredSettings['mode'] {
    return this.#settings.mode;
  }

  /** What every tab says of itself, by tab. */
  get pages(): StoredSession['pages'] {
    return this.#session.pages;
  }

  /** Calls back at each change of counts or status. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Stores settings, as the options do. */
  async set(change: Partial<StoredSettings>): Promise<void> {
    if (change.mode && change.mode !== this.mode) this.moves.push({ mode: change.mode, atMs: wallMs() });
    this.#settings = { ...this.#settings, ...change };
    this.order('settings');
    const { learns, words, rules = DEFAULT_RULES, ...stored } = this.#settings;
    const taste = { ...TASTE, words, consent: learns ? 'loopback' : null };
    const all = {
      consent: 'loopback',
      thresholds: NO_THRESHOLDS,
      historyDays: 90,
      taste,
      rules,
      ...stored,
    } satisfies Settings;
    const settings = { version: 7, ...all }; // an earlier version would be migrated, and lose its consent
    await this.#page.evaluate(
      (all) => (globalThis as never as ChromePage).chrome.storage.local.set({ settings: all }),
      settings,
    );
  }

  /** Keeps labeled bios, as if they were labeled in the future. */
  async keep(bios: readonly MadeBio[]): Promise<void> {
    const opened = { kind: 'words' }; // the worker opens its database before it answers
    await this.#page.evaluate(
      (message) => (globalThis as never as ChromePage).chrome.runtime.sendMessage(message),
      opened,
    );
    await storeBios(this.#page, bios, wallMs() + DECADE_MS);
  }

  /** Says Resume, as the popup does. */
  async resume(): Promise<void> {
    this.order('resume');
    const press = () =>
      this.#page.evaluate(() => (globalThis as never as ChromePage).chrome.runtime.sendMessage({ kind: 'resume' }));
    await press().catch(press); // a worker that is killed in this very moment hears nothing; the person presses again
  }

  /** Notes that something was told. */
  order(what: Order['what']): void {
    this.orders.push({ what, atMs: wallMs() });
  }

  /** What is stored of swipes; undefined before the first. */
  async ledger(): Promise<SeenLedger | undefined> {
    return (await this.#stored('swipes')) as SeenLedger | undefined;
  }

  /** How many labels wait for the server, and how many it couldn't store. */
  async labels(): Promise<{ waiting: number; lost: number }> {
    const labels = (await this.#stored('labels')) as { steps: unknown[]; lost: number } | undefined;
    return { waiting: labels?.steps.length ?? 0, lost: labels?.lost ?? 0 };
  }

  async #stored(key: string): Promise<unknown> {
    const get = (name: string) => (globalThis as never as ChromePage).chrome.storage.local.get(name);
    return (await this.#page.evaluate(get, key))[key];
  }

  #hear(session: StoredSession): void {
    const before = this.status;
    this.#session = session;
    const { status } = this;
    if (status && (status.reason !== before?.reason || status.detail !== before?.detail)) {
      this.statuses.push({ ...status, atMs: wallMs() });
    }
    for (const listener of [...this.#listeners]) listener();
  }
}

/** The browser's API as a page of the extension has it. */
interface ChromePage {
  readonly chrome: {
    readonly storage: {
      readonly session: {
        readonly onChanged: { addListener(listener: (changes: { session?: { newValue?: unknown } }) => void): void };
      };
      readonly local: {
        set(items: object): Promise<void>;
        get(key: string): Promise<Record<string, unknown>>;
      };
    };
    readonly runtime: { sendMessage(message: object): Promise<unknown> };
  };
}
