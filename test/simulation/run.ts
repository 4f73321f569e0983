import { setTimeout as delay } from 'node:timers/promises';
import { seededRandom, seedOf } from '@swipenet/shared/random.ts';
import { DEFAULT_RULES } from '../../extension/src/rules/rules.ts';
import { FakeSwipeServer } from '../support/fake-swipe-server.ts';
import { withTwin } from '../twins/tinder/twin-handle.ts';
import { type Chaos, type FaultKind, faultsOf, type PageLoad, pageLoad } from './chaos.ts';
import { Meddler } from './meddler.ts';
import { type SwipeFigures, SwipeOracle } from './oracle.ts';
import { Person } from './person.ts';
import { checkRestraint } from './restraint.ts';
import { PLAYED_RULES, ruledOf } from './rules-oracle.ts';
import { Table } from './table.ts';
import { Tally } from './tally.ts';
import { checkScoreRequest, checkTwinRequest } from './traffic-oracle.ts';
import type { Violations } from './violations.ts';
import { joinedOf, PLAYED_BIOS } from './words-oracle.ts';

/** So long without a swipe of anybody's is a hang: no wait of the extension's is that long at this patience. */
const HANG_MS = 20_000;

/** What a run is to be. */
export interface RunOptions {
  readonly chromium: string;
  readonly seed: number;
  readonly profiles: number;
  readonly chaos: Chaos;
  readonly patience: number;
  /** Whether the rules of the rules oracle are on. */
  readonly rules?: boolean | undefined;
  /** Whether the words of the words oracle join the decision. */
  readonly words?: boolean | undefined;
  /** Profiles to a load of the page. */
  readonly perLoad: number;
  /** Told how many were judged so far. */
  readonly progress: (judged: number) => void;
  readonly load?: (number: number) => PageLoad;
  /** What else is done: before the first load is played, and after the last one. */
  readonly begin?: (table: Table) => Promise<void>;
  readonly end?: (table: Table) => Promise<void>;
}

/** What a run came to. */
export interface RunResult {
  readonly swipes: SwipeFigures;
  readonly held: number;
  readonly seconds: number;
  readonly judged: number;
  readonly loads: number;
  readonly faults: Partial<Record<FaultKind, number>>;
  readonly stops: Record<string, number>;
  readonly requests: { now: number; ahead: number; refused: number };
  readonly excused: number;
}

/** Plays one table's deck to its end, and holds everything that happens against the oracle. */
export async function play(options: RunOptions, violations: Violations): Promise<RunResult> {
  const { seed, profiles, chaos, perLoad, progress, rules = false, words = false } = options;
  const table = await Table.open({
    ...options,
    rules: rules ? PLAYED_RULES : DEFAULT_RULES,
    ...(words && { bios: PLAYED_BIOS, swipes: new FakeSwipeServer() }),
  });
  const { twin, scorer, view, page } = table;
  const { record, deck } = twin;
  const hidden = new Set<number>();
  const tally = new Tally(violations);
  const oracle = new SwipeOracle({
    ...{ deck, violations, mayBeAhead: (load) => !hidden.has(load) },
    ...(rules && { ruled: ruledOf }),
    ...(words && { joined: joinedOf }),
  });
  const random = seededRandom(seedOf(seed, 22));
  const person = new Person(page, view, random);
  const meddler = new Meddler(table, person, { mode: 'swipe', gone: (load) => tally.excuse(load) }, random, (step) =>
    faultsOf(seed, step, chaos),
  );
  const requests = { now: 0, ahead: 0, refused: 0 };
  let taken = 0;
  let isHidden = false;
  const takeVerdicts = () => {
    for (; taken < record.verdicts.length; taken += 1) tally.take(record.verdicts[taken]!);
  };
  table.onMoment = (what, step) => {
    if (what === 'call') takeVerdicts();
    meddler.moment(what, step);
  };
  view.onChange(() => tally.see(view.counts));

  /** Everything that was recorded since the last time, held against the truth. */
  const judge = async () => {
    for (const score of scorer.scores.splice(0)) {
      checkScoreRequest(score, deck.indexOf(score.profiles[0] ?? ''), violations);
      oracle.scored(score);
      requests[score.answered === 200 ? score.priority : 'refused'] += 1;
    }
    for (const top of record.tops.splice(0)) oracle.onTop(top);
    const deeds = record.deeds.splice(0);
    for (const deed of deeds) oracle.done(deed);
    checkRestraint(deeds, view.orders.splice(0), view.statuses.splice(0, view.statuses.length - 1), violations);
    takeVerdicts();
    for (const verdict of record.verdicts.splice(0)) oracle.judged(verdict);
    taken = 0;
    for (const request of record.requests.splice(0)) checkTwinRequest(request, violations);
    for (const { method, host, path } of record.strangers.splice(0)) {
      violations.add(undefined, 'nothing asked of the site that it does not have', `${method} ${host}${path}`);
    }
    const ledger = await view.ledger();
    const counted = ledger?.days.reduce((sum, { swipes }) => sum + swipes, 0) ?? 0;
    const { right, left } = oracle.figures;
    if (counted < right + left)
      violations.add(undefined, `${right + left} swipes or more under the limits`, `${counted}`);
  };

  const settle = async () => {
    meddler.active = false;
    await meddler.idle();
    await person.act(() => view.set({ mode: 'show' }));
    await withTwin(page, (handle) => handle.settled());
    for (let tries = 0; tries < 60 && tally.waiting.length > 0; tries += 1) await delay(50);
    tally.finish();
    await judge();
  };

  const over = new AbortController();
  const attending = person.attend(over.signal);
  const beganAt = performance.now();
  let hung = false;
  for (let number = 0; deck.judged < profiles && !hung; number += 1) {
    const load = options.load?.(number) ?? pageLoad(seed, number, perLoad);
    await table.load(load.path);
    isHidden = load.hidden;
    if (isHidden) hidden.add(twin.loads);
    if (number === 0) await options.begin?.(table);
    const until = Math.min(profiles, deck.judged + load.profiles);
    await view.set({ mode: 'swipe' });
    meddler.active = true;
    hung = (await judgedUpTo(until)) === 'hung';
    await settle();
  }
  over.abort();
  await attending;
  const seconds = (performance.now() - beganAt) / 1_000;
  await options.end?.(table);
  await table.close();
  return {
    swipes: oracle.figures,
    held: view.counts.held,
    seconds,
    judged: deck.judged,
    loads: twin.loads,
    faults: meddler.happened,
    stops: person.stops,
    requests,
    excused: tally.excused,
  };

  /**
   * Waits until `until` profiles are judged, or until the page runs out of profiles although the deck has more. A person
   * would then reload the page.
   */
  async function judgedUpTo(until: number): Promise<'judged' | 'empty' | 'hung'> {
    let last = deck.judged;
    let sinceMs = performance.now();
    for (;;) {
      if (deck.judged >= until) return 'judged';
      await delay(20);
      if (isHidden) hidden.add(twin.loads);
      if (deck.judged !== last) {
        last = deck.judged;
        sinceMs = performance.now();
        progress(last);
      }
      const quietMs = performance.now() - sinceMs;
      if (quietMs > 2_000 && ['deck_ended', 'page_loading', 'page_changed'].includes(view.status?.reason ?? '')) {
        const active = await withTwin(page, (handle) => handle.active()).catch(() => null);
        if (active === undefined) return 'empty';
      }
      if (quietMs < HANG_MS) continue;
      const active = await withTwin(page, (handle) => [handle.active()?.index, handle.shown()]).catch(() => []);
      const said = `${view.mode}, ${JSON.stringify(view.status)}, page ${JSON.stringify(active)}`;
      violations.add(Number(active[0] ?? Number.NaN) || undefined, `a swipe within ${HANG_MS / 1_000} s`, said);
      return 'hung';
    }
  }
}
