// @module-tag slow
import * as fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import browser from 'webextension-polyfill';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { FakeSwipeServer, type Fate } from '../../../../test/support/fake-swipe-server.ts';
import { PageClock } from '../../../../test/support/page-clock.ts';
import { changeSettings, DEFAULT_SETTINGS, readSettings } from '../../storage/settings.ts';
import { LabelQueue } from './label-queue.ts';
import { profileIdOf } from './profile-id.ts';

const KEY = 'vQ0b5rXo1mKq8nG3cZ7yT2uJ4hE6wS9dF1aL0pRxVbM';

/** What happens next. `which` picks one of the labels so far. */
interface Event {
  readonly what: 'swipe' | 'swipe again' | 'rewind' | 'correct' | 'alarm';
  readonly swipe: 'left' | 'right';
  readonly which: number;
  /** After how many turns of the event loop the worker dies, or null if it lives. */
  readonly deathAfter: number | null;
}

const events = fc.array(
  fc.record<Event>({
    what: fc.constantFrom('swipe', 'swipe', 'swipe', 'swipe again', 'rewind', 'correct', 'alarm'),
    swipe: fc.constantFrom('left', 'right'),
    which: fc.nat(),
    deathAfter: fc.option(fc.nat(8), { freq: 2 }),
  }),
  { minLength: 5, maxLength: 25 },
);

const fates = fc.infiniteStream(
  fc.constantFrom<Fate>('answered', 'answered', 'answered', 'undelivered', 'answer lost', 'busy'),
);

/** A label that the person wants to keep. */
interface Wanted {
  readonly id: string;
  readonly profile: string;
  swipe: 'left' | 'right';
}

/** The browser, its worker, and a person who swipes. */
class Scene {
  readonly server = new FakeSwipeServer();
  readonly wanted: Wanted[] = [];
  readonly #rewound: string[] = [];
  readonly #clock = new PageClock();
  readonly #set = browser.storage.local.set;
  #isDead = false;
  #count = 0;
  queue = this.#newQueue();

  #newQueue(): LabelQueue {
    const isDead = () => this.#isDead;
    const fetch: typeof globalThis.fetch = async (...request) => {
      if (isDead()) throw new Error('the worker is dead');
      const answer = await this.server.fetch(...request);
      if (isDead()) throw new Error('the worker is dead');
      return answer;
    };
    const world = { fetch, deadline: () => new AbortController().signal };
    return new LabelQueue({ world, clock: this.#clock, onArrived: () => {} });
  }

  /** Plays an event. If the worker dies before it answers, the page asks the next one. */
  async play({ what, swipe, which, deathAfter }: Event): Promise<void> {
    const ask = this.#asking(what, swipe, which);
    const asked = ask();
    asked.catch(() => {});
    if (deathAfter === null) return void (await asked);
    for (let turn = 0; turn < deathAfter; turn += 1) await new Promise((next) => setImmediate(next));
    await this.#replaceWorker(asked);
    await ask();
  }

  /** Lets the server answer everything, and delivers what is left. */
  async end(): Promise<void> {
    this.server.fate = () => 'answered';
    await this.#replaceWorker(Promise.resolve());
    await this.queue.deliver();
  }

  /** Returns the swipes that the server should have by now. */
  async expected(): Promise<Record<string, string>> {
    const hashed = this.wanted.map(async ({ profile, swipe }) => [await profileIdOf('demo', profile, KEY), swipe]);
    return Object.fromEntries(await Promise.all(hashed));
  }

  #asking(what: Event['what'], swipe: Event['swipe'], which: number): () => Promise<unknown> {
    this.#clock.advance(1);
    const chosen = this.wanted[which % this.wanted.length];
    if (what === 'alarm') return () => this.queue.deliver();
    if (what === 'rewind' && chosen) {
      this.wanted.splice(this.wanted.indexOf(chosen), 1);
      this.#rewound.push(chosen.profile);
      return () => this.queue.remove(chosen.id);
    }
    if (what === 'correct' && chosen) {
      chosen.swipe = swipe;
      return () => this.queue.correct(chosen.id, swipe);
    }
    this.#count += 1;
    const profile = (what === 'swipe again' && this.#rewound.pop()) || `profile ${this.#count}`;
    const wanted = { id: `label ${this.#count}`, profile, swipe };
    this.wanted.push(wanted);
    const scoreId = `score-${this.#count}`;
    this.server.scores.add(scoreId);
    const label = { ...wanted, site: 'demo', photoCount: 1, scoreId, verdict: 'none' } as const;
    return () => this.queue.add(label);
  }

  /** Ends the worker where it is: from now on it neither stores nor sends anything. Another one starts. */
  async #replaceWorker(asked: Promise<unknown>): Promise<void> {
    this.#isDead = true;
    browser.storage.local.set = () => Promise.reject(new Error('the worker is dead'));
    await asked.catch(() => {});
    await this.queue.deliver().catch(() => {});
    browser.storage.local.set = this.#set;
    this.#isDead = false;
    this.queue = this.#newQueue();
    await this.queue.follow(await readSettings());
  }
}

it('ends with exactly the wanted labels, whatever happens to the worker, the server and the answers', async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => {});
  await fc.assert(
    fc.asyncProperty(events, fates, async (played, fate) => {
      fakeBrowser.reset();
      await changeSettings({
        mode: 'learn',
        consent: 'loopback',
        server: { ...DEFAULT_SETTINGS.server, token: 't', profileKey: KEY },
        taste: { ...DEFAULT_SETTINGS.taste, consent: 'loopback' },
      });
      const scene = new Scene();
      scene.server.fate = () => fate.next().value;
      for (const event of played) await scene.play(event);
      await scene.end();
      expect(scene.server.kept).toEqual(await scene.expected());
      const { steps, lost, ended } = await scene.queue.labels();
      expect({ steps, lost }).toEqual({ steps: [], lost: 0 });
      expect(ended.filter(({ kept }) => kept).map(({ id }) => id)).toHaveLength(scene.wanted.length);
    }),
    { numRuns: 300 },
  );
});
