import { setTimeout as delay } from 'node:timers/promises';
import { seededRandom, seedOf } from '@swipenet/shared/random.ts';
import type { Verdict } from '../twins/tinder/record.ts';
import { CALM, type Chaos, type FaultKind, faultsOf } from './chaos.ts';
import { NO_LIMITS, type SeenLedger, type StoredLimits } from './extension-view.ts';
import { Meddler } from './meddler.ts';
import { Person } from './person.ts';
import { PATIENCE } from './simulate.ts';
import { Table } from './table.ts';
import { Tally } from './tally.ts';
import type { Violations } from './violations.ts';

/** Workers die and pages are loaded anew, and nothing else goes wrong. */
const HARD: Chaos = { ...CALM, faults: { 'worker-death': 0.25, reload: 0.1 } };

/** Waits so long for what must come, in milliseconds; and so long for what must not. */
const COMES_MS = 15_000;
const STAYS_MS = 700;

/** One run under one limit, with everything else off. */
export class HoldRun {
  readonly table: Table;
  readonly person: Person;
  readonly violations: Violations;
  readonly #meddler: Meddler;
  readonly #over = new AbortController();
  #heard = 0;

  private constructor(table: Table, violations: Violations, seed: number, chaos: Chaos) {
    this.table = table;
    this.violations = violations;
    const random = seededRandom(seedOf(seed, 30));
    this.person = new Person(table.page, table.view, random);
    const tally = new Tally(violations);
    this.#meddler = new Meddler(
      table,
      this.person,
      { mode: 'swipe', gone: (load) => tally.excuse(load) },
      random,
      (step) => faultsOf(seed, step, chaos),
    );
    table.onMoment = (what, step) => this.#meddler.moment(what, step);
    void this.person.attend(this.#over.signal);
  }

  /** Begins to swipe under some limits. */
  static async begin(
    options: { chromium: string; seed: number; profiles?: number; chaos?: Chaos },
    limits: Partial<StoredLimits>,
    violations: Violations,
  ): Promise<HoldRun> {
    const { chromium, seed, profiles = 500, chaos = HARD } = options;
    const all = { ...NO_LIMITS, ...limits };
    const table = await Table.open({ chromium, seed, profiles, chaos, patience: PATIENCE, limits: all });
    const run = new HoldRun(table, violations, seed, chaos);
    await table.load('/app/recs?animationMs=10&lingerMs=40');
    run.#meddler.active = true;
    await table.view.set({ mode: 'swipe' });
    return run;
  }

  /** The extension's own swipes so far. */
  get made(): Verdict[] {
    return this.table.twin.record.verdicts.filter(({ trusted }) => !trusted);
  }

  /** Its likes so far. */
  get likes(): number {
    return this.made.filter(({ kind }) => kind === 'like').length;
  }

  /** What was done to it. */
  get happened(): Partial<Record<FaultKind, number>> {
    return this.#meddler.happened;
  }

  /** What is stored of swipes. */
  async ledger(): Promise<SeenLedger> {
    const ledger = await this.table.view.ledger();
    return ledger ?? { days: [], session: { number: 1, swipes: 0, right: 0 }, permits: [] };
  }

  /** Notes a violation unless something holds. */
  expect(holds: boolean, expected: string, came: string): void {
    if (!holds) this.violations.add(this.made.at(-1)?.step, expected, came);
  }

  /** Tells it something; what {@link stops} waits for is said after that. */
  async tell(what: (view: Table['view']) => Promise<void>): Promise<void> {
    this.#heard = this.table.view.statuses.length;
    await what(this.table.view);
  }

  /** Waits until it has stopped for a reason and for no other, and stays so. */
  async stops(reason: string): Promise<void> {
    const untilMs = performance.now() + COMES_MS;
    const now = () => this.table.view.statuses.slice(this.#heard).at(-1)?.reason;
    while (now() !== reason && performance.now() < untilMs) await delay(20);
    await this.#meddler.idle();
    const before = this.made.length;
    await delay(STAYS_MS);
    // A worker's death or a reload may have had the last word: the page says it again once it has asked again.
    while (now() !== reason && performance.now() < untilMs + STAYS_MS) await delay(20);
    this.expect(now() === reason, `a stop: ${reason}`, `${now() ?? 'none'} after ${this.made.length} swipes`);
    this.expect(this.made.length === before, `no swipe after ${reason}`, `${this.made.length - before} more`);
  }

  /** Waits until it has made so many swipes in all. */
  async swipes(count: number, mostMs = 4 * COMES_MS): Promise<void> {
    const untilMs = performance.now() + mostMs;
    while (this.made.length < count && performance.now() < untilMs) await delay(10);
    const { status } = this.table.view;
    this.expect(
      this.made.length >= count,
      `${count} swipes`,
      `${this.made.length}, then ${status?.reason ?? 'nothing'}`,
    );
  }

  /** Loads the page anew, as a person does. */
  async reload(): Promise<void> {
    await this.tell(() => this.person.act(() => this.table.load('/app/recs?animationMs=10&lingerMs=40')));
  }

  /** Nothing goes wrong any more. */
  async calm(): Promise<void> {
    this.#meddler.active = false;
    await this.#meddler.idle();
  }

  /** Ends it. */
  async end(): Promise<void> {
    await this.calm();
    this.#over.abort();
    await this.table.close();
  }
}
