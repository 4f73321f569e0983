import { setTimeout as delay } from 'node:timers/promises';
import { seededRandom, seedOf } from '@swipenet/shared/random.ts';
import { FakeSwipeServer, type Fate } from '../../support/fake-swipe-server.ts';
import { wallMs } from '../../twins/tinder/record.ts';
import { withTwin } from '../../twins/tinder/twin-handle.ts';
import { type FaultKind, faultsOf, pageLoad } from '../chaos.ts';
import { Meddler } from '../meddler.ts';
import { SwipeOracle } from '../oracle.ts';
import { Person } from '../person.ts';
import { PROFILE_KEY, Table } from '../table.ts';
import { checkScoreRequest, checkTwinRequest } from '../traffic-oracle.ts';
import type { Violations } from '../violations.ts';
import { excuseOf, wasAt } from './excuses.ts';
import { fatesOf, habitOf, type LearnChaos } from './habits.ts';
import { type LabelFigures, LabelOracle } from './label-oracle.ts';
import { SwipingPerson } from './swiping-person.ts';

/** So long without a swipe is a hang of the run itself: the person never waits that long. */
const HANG_MS = 30_000;

/** So long may what waits take to arrive once the server answers everything. */
const DRAIN_MS = 15_000;

/** Faults after which the server may hear of a label once more. */
const DEATHS = ['worker-death', 'scorer-down'] as const;

/** The share of page loads with unobserved profile data that stay that way. Their swipes can't become labels. */
const HIDDEN = 0.3;

/** Own clicks that only turn to a photo, where the page's data doesn't tell of all photos. */
const TURNS = ['tab', 'next-photo', 'previous-photo'];

/** The settings of a run in Learn. */
export interface LearnRunOptions {
  readonly chromium: string;
  readonly seed: number;
  readonly profiles: number;
  readonly chaos: LearnChaos;
  readonly patience: number;
  readonly perLoad: number;
  readonly progress: (judged: number) => void;
}

/** What a run in Learn came to. */
export interface LearnRunResult {
  readonly labels: LabelFigures;
  readonly seconds: number;
  readonly judged: number;
  readonly loads: number;
  /** What the person did, and what was done to the run, by name. */
  readonly did: Record<string, number>;
  readonly faults: Partial<Record<FaultKind, number>>;
  /** Requests with swipes that were refused, never arrived, or whose answers were lost. */
  readonly lostRequests: number;
  /** Swipes and other presses of Swipenet's own, and photos that it turned to. */
  readonly ownPresses: number;
  readonly ownTurns: number;
}

/** Plays a deck with the control at Learn: a person swipes it, and every label is held against the oracle. */
export async function playLearn(options: LearnRunOptions, violations: Violations): Promise<LearnRunResult> {
  const { seed, profiles, chaos, perLoad, progress } = options;
  const server = new FakeSwipeServer();
  const table = await Table.open({ ...options, swipes: server });
  const { twin, scorer, view, page } = table;
  const { record, deck } = twin;
  const overAtMs = new Map<number, number>();
  /** When something happened after which a label may be sent again (wall time). */
  let disturbedAtMs = 0;
  let lostRequests = 0;
  let seenDeaths = 0;
  const facts = { deck, moves: view.moves, dealt: record.dealt, overAtMs };
  const scores = new SwipeOracle({ deck, violations, mayBeAhead: () => false });
  const oracle = new LabelOracle({
    ...{ deck, profiles, profileKey: PROFILE_KEY, server, violations },
    excuseOf: (verdict) => excuseOf(verdict, facts),
    maybeShown: ({ atMs }) => wasAt(['show', 'swipe'], view.moves, atMs - 10_000, atMs + 1_000),
    disturbedSince: (atMs) => {
      noteDeaths();
      return disturbedAtMs >= atMs;
    },
  });
  server.onSwipe = (request, outcome) => {
    takeScores();
    oracle.posted(request, outcome);
    if (fate === 'answer lost') disturbedAtMs = wallMs();
  };
  server.onDelete = (profile) => oracle.deleted(profile);
  const draw = fatesOf(seed, chaos);
  let fate: Fate = 'answered';
  const drawFates = () => {
    fate = draw();
    lostRequests += Number(fate !== 'answered');
    return fate;
  };
  const hands = new Person(page, view, seededRandom(seedOf(seed, 32)));
  const person = new SwipingPerson(page, hands, (step, visit) => habitOf(seed, step, visit));
  const meddled = { mode: 'learn', gone: () => {} } as const;
  const chance = seededRandom(seedOf(seed, 22));
  const meddler = new Meddler(table, hands, meddled, chance, (step) => faultsOf(seed, step, chaos));
  let ownPresses = 0;
  let ownTurns = 0;
  table.onMoment = (what, step) => meddler.moment(what, step);

  /** Takes what the scorer answered. A label may name any of it. */
  function takeScores(): void {
    for (const score of scorer.scores.splice(0)) {
      checkScoreRequest(score, deck.indexOf(score.profiles[0] ?? ''), violations);
      scores.scored(score);
      oracle.scored(score);
    }
  }

  /** Notes whether a worker or the server has died since the last time, or dies now: what it was told may be told again. */
  function noteDeaths(): void {
    const deaths = DEATHS.reduce((sum, what) => sum + (meddler.happened[what] ?? 0), 0);
    if (deaths !== seenDeaths || DEATHS.some((what) => meddler.under.has(what))) disturbedAtMs = wallMs();
    seenDeaths = deaths;
  }

  /** Everything that was recorded since the last time, held against the truth. */
  async function judge(): Promise<void> {
    takeScores();
    // Each load of the page is over with the next one.
    const loads = view.orders.filter(({ what }) => what === 'load');
    for (const [load, { atMs }] of loads.entries()) if (load > 0) overAtMs.set(load, atMs);
    for (const { trusted, by, via, step } of record.deeds.splice(0)) {
      if (trusted) continue;
      if (TURNS.includes(by)) ownTurns += 1;
      else ownPresses += 1;
      if (!TURNS.includes(by)) violations.add(step ?? undefined, 'nothing pressed in Learn', `${by} by ${via}`);
    }
    oracle.happened(record.verdicts.splice(0), record.rewinds.splice(0));
    for (const request of record.requests.splice(0)) checkTwinRequest(request, violations);
    for (const { method, host, path } of record.strangers.splice(0)) {
      violations.add(undefined, 'nothing asked of the site that it does not have', `${method} ${host}${path}`);
    }
    const permits = (await view.ledger())?.days.reduce((sum, { swipes }) => sum + swipes, 0) ?? 0;
    if (permits > 0) violations.add(undefined, 'no permit to swipe in Learn', `${permits}`);
    oracle.settle();
  }

  /** Lets everything arrive. */
  async function drain(): Promise<void> {
    server.fate = () => 'answered';
    const giveUpAtMs = performance.now() + DRAIN_MS;
    for (;;) {
      await view.set({ mode: 'learn' }); // a label that waits is sent again now, not when the alarm goes off
      await delay(400);
      const { waiting, lost } = await view.labels();
      if (lost > 0) violations.add(undefined, 'no label that the server refused', `${lost}`);
      if (waiting === 0) return;
      if (performance.now() < giveUpAtMs) continue;
      violations.add(undefined, 'every label sent', `${waiting} still wait`);
      return;
    }
  }

  const beganAt = performance.now();
  let hung = false;
  for (let number = 0; deck.judged < profiles && !hung; number += 1) {
    const load = pageLoad(seed, number, perLoad);
    const drawn = seededRandom(seedOf(seed, number, 33));
    const rewinds = drawn() < 0.8;
    const path = drawn() < HIDDEN ? load.path : load.path.replace('recs=hidden', 'recs=api');
    await view.set({ mode: 'learn' });
    await table.load(`${path}&rewinds=${rewinds}`);
    await delay(300); // the person hasn't found the mouse yet, and the extension is there by then
    const until = Math.min(profiles, deck.judged + load.profiles);
    server.fate = drawFates;
    meddler.active = true;
    let isOver = false;
    const playing = person.play(() => isOver);
    hung = (await judgedUpTo(until)) === 'hung';
    isOver = true;
    await playing;
    meddler.active = false;
    await meddler.idle();
    await withTwin(page, (handle) => handle.settled());
    await drain();
    await judge();
  }
  const seconds = (performance.now() - beganAt) / 1_000;
  oracle.count();
  await table.close();
  return {
    labels: oracle.figures,
    seconds,
    judged: deck.judged,
    loads: twin.loads,
    did: person.did,
    faults: meddler.happened,
    lostRequests,
    ownPresses,
    ownTurns,
  };

  /**
   * Waits until `until` profiles are judged, or until the page runs out of profiles although the deck has more. A person
   * would then reload the page.
   */
  async function judgedUpTo(until: number): Promise<'judged' | 'empty' | 'hung'> {
    let last = '';
    let sinceMs = performance.now();
    for (;;) {
      if (deck.judged >= until) return 'judged';
      await delay(20);
      const now = `${deck.judged} ${record.verdicts.length}`;
      if (now !== last) {
        last = now;
        sinceMs = performance.now();
        progress(deck.judged);
      }
      noteDeaths();
      const quietMs = performance.now() - sinceMs;
      if (quietMs < 2_500) continue;
      const [active, shown] = await withTwin(page, (handle) => [handle.active()?.index, handle.shown()]).catch(() => [
        -1,
        '',
      ]);
      if (active === undefined && !shown) return 'empty';
      if (quietMs < HANG_MS) continue;
      violations.add(undefined, `a swipe within ${HANG_MS / 1_000} s`, `page ${active}, ${shown}`);
      return 'hung';
    }
  }
}
