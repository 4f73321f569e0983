import { setTimeout as delay } from 'node:timers/promises';
import { between, type Random } from '@swipenet/shared/random.ts';
import { type TwinHandle, withTwin } from '../twins/tinder/twin-handle.ts';
import type { Fault, FaultKind, Moment } from './chaos.ts';
import type { StoredSettings } from './extension-view.ts';
import type { Person } from './person.ts';
import type { Table } from './table.ts';

/** The mode that a run keeps returning to, and a callback for discarded pages. */
export interface MeddledRun {
  readonly mode: StoredSettings['mode'];
  /** Called once a page load is over and nothing can report for it anymore. */
  readonly gone: (load: number) => void;
}

/** Does to a run what was planned, at the moments that were planned. */
export class Meddler {
  readonly #table: Table;
  readonly #person: Person;
  readonly #run: MeddledRun;
  readonly #random: Random;
  readonly #planned: (step: number) => readonly Fault[];
  readonly #done = new Set<string>();
  readonly #busy = new Set<Promise<void>>();
  /** What happened, by kind. */
  readonly happened: Partial<Record<FaultKind, number>> = {};
  /** What is under way. */
  readonly under = new Set<FaultKind>();
  /** While false, moments pass unused. */
  active = false;

  constructor(
    table: Table,
    person: Person,
    run: MeddledRun,
    random: Random,
    planned: (step: number) => readonly Fault[],
  ) {
    this.#table = table;
    this.#person = person;
    this.#run = run;
    this.#random = random;
    this.#planned = planned;
  }

  /** A moment of a profile: what was planned for it is done, once. */
  moment(what: Moment, step: number): void {
    if (!this.active) return;
    for (const fault of this.#planned(step)) {
      const name = `${step} ${fault.what}`;
      if (fault.on !== what || this.#done.has(name)) continue;
      this.#done.add(name);
      const doing = delay(fault.afterMs).then(() => this.#do(fault.what));
      const over = doing.catch(() => {}).finally(() => this.#busy.delete(over)); // a page that is gone cannot be meddled with
      this.#busy.add(over);
    }
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    while (this.#busy.size > 0) await Promise.all(this.#busy);
  }

  async #do(what: FaultKind): Promise<void> {
    this.under.add(what);
    try {
      if (await this.#doings[what]()) this.happened[what] = (this.happened[what] ?? 0) + 1;
    } finally {
      this.under.delete(what);
    }
  }

  /** Each gives true when it happened. */
  readonly #doings: Readonly<Record<FaultKind, () => Promise<boolean>>> = {
    'worker-death': () => this.#table.endWorker(),
    'person-tab': () => this.#byHand(() => this.#person.clickTab()),
    'person-space': () => this.#byHand(() => this.#person.pressSpace()),
    'person-open': () => this.#byHand(() => this.#person.open()),
    'person-click-swipe': () => this.#byHand(() => this.#person.swipe('click')),
    'person-key-swipe': () => this.#byHand(() => this.#person.swipe('key')),
    'control-show': () => this.#control('show'),
    'control-off': () => this.#control('off'),
    reload: () => this.#reload(),
    'scorer-down': () => this.#scorerDown(),
    rerender: () => this.#onPage((twin) => twin.rerender()),
    'unknown-dialog': () => this.#onPage((twin) => twin.show('unknown')),
    upsell: () => this.#onPage((twin) => twin.show('upsell')),
    location: () => this.#onPage((twin) => twin.show('location')),
    'consent-layer': () => this.#onPage((twin) => twin.show('consent-layer')),
    challenge: () => this.#onPage((twin) => twin.show('challenge')),
  };

  async #byHand(what: () => Promise<void>): Promise<boolean> {
    await this.#person.act(what);
    return true;
  }

  async #onPage(what: (twin: TwinHandle) => void): Promise<boolean> {
    await withTwin(this.#table.page, what);
    return true;
  }

  /** The control moves away, and back a moment later. */
  async #control(mode: 'show' | 'off'): Promise<boolean> {
    await this.#person.act(async () => {
      await this.#table.view.set({ mode });
      await delay(between(this.#random, 0, 120));
      await this.#table.view.set({ mode: this.#run.mode });
    });
    return true;
  }

  async #reload(): Promise<boolean> {
    const { page, twin, view } = this.#table;
    await this.#person.act(async () => {
      const load = twin.loads;
      view.order('load');
      await page.reload();
      await page.waitForFunction(() => 'twin' in window);
      await delay(300); // what was said before it is heard by then
      this.#run.gone(load);
    });
    return true;
  }

  async #scorerDown(): Promise<boolean> {
    const { scorer } = this.#table;
    await scorer.stop();
    await delay(between(this.#random, 50, 350));
    await scorer.startAgain();
    return true;
  }
}
