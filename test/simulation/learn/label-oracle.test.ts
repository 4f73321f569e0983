import { createHmac } from 'node:crypto';
import type { SwipeRequest } from '@swipenet/shared/contract/swipes.ts';
import { expect, it } from 'vitest';
import { FakeSwipeServer } from '../../support/fake-swipe-server.ts';
import { TwinDeck } from '../../twins/tinder/deck.ts';
import { type Verdict, wallMs } from '../../twins/tinder/record.ts';
import { PROFILE_KEY } from '../table.ts';
import { Violations } from '../violations.ts';
import type { Excuse } from './excuses.ts';
import { LabelOracle } from './label-oracle.ts';
import { isTold } from './told.ts';

/** An oracle over a deck, a server that the test sends labels to, and what the oracle found. */
function setUp({ excuse }: { excuse?: Excuse } = {}) {
  const deck = new TwinDeck({ seed: 1, profiles: 5, today: new Date('2026-11-27'), rates: {}, plan: () => ({}) });
  const server = new FakeSwipeServer();
  const violations = new Violations(1, () => {});
  const oracle = new LabelOracle({
    ...{ deck, profiles: 5, profileKey: PROFILE_KEY, server, violations },
    excuseOf: () => excuse,
    maybeShown: () => false,
    disturbedSince: () => false,
  });
  server.onSwipe = (request, outcome) => oracle.posted(request, outcome);
  const swipe = (kind: Verdict['kind'], change: Partial<Verdict> = {}) => {
    const verdict = {
      kind,
      profile: '',
      step: 0,
      answered: 200,
      trusted: true,
      pictured: true,
      load: 1,
      atMs: wallMs(),
    };
    oracle.happened([{ ...verdict, ...change }], []);
  };
  const rewind = () => oracle.happened([], [{ step: 0, load: 1, atMs: wallMs() }]);
  const label = async (change: Partial<SwipeRequest> = {}) => {
    const key = Buffer.from(PROFILE_KEY, 'base64url');
    const profile = createHmac('sha256', key)
      .update(`tinder:${deck.profile(0).id}`)
      .digest('hex');
    const request = { swipe: 'right', site: 'tinder', profile, verdict: 'none', ...change };
    await server.fetch('http://server/v1/swipes', { method: 'POST', body: JSON.stringify(request) });
  };
  const found = () => {
    oracle.settle();
    oracle.count();
    const { expected, arrived, missing, doubled, wrong } = oracle.figures;
    return { expected, arrived, missing, doubled, wrong, violations: violations.found.length };
  };
  return { server, oracle, swipe, rewind, label, found };
}

const FINE = { expected: 1, arrived: 1, missing: 0, doubled: 0, wrong: 0, violations: 0 };

it('finds nothing if the swipe became one label', async () => {
  const { swipe, label, found } = setUp();
  swipe('like');
  await label();
  expect(found()).toEqual(FINE);
});

it('reports a swipe without a label, unless there is a reason', () => {
  const unexcused = setUp();
  unexcused.swipe('like');
  expect(unexcused.found()).toMatchObject({ expected: 1, arrived: 0, missing: 1, violations: 1 });
  const excused = setUp({ excuse: 'no-data' });
  excused.swipe('like');
  expect(excused.found()).toMatchObject({ expected: 0, missing: 0, violations: 0 });
  expect(excused.oracle.figures.excused).toEqual({ 'no-data': 1 });
});

it.each([
  ['went the other way', 'pass', {}],
  ['was a Super Like', 'super-like', {}],
  ['was refused by the site', 'like', { answered: 500 }],
] as const)('reports a label whose swipe %s', async (_what, kind, change) => {
  const { swipe, label, found } = setUp();
  swipe(kind, change);
  await label();
  expect(found()).toMatchObject({ wrong: 1, violations: 1 });
});

it('reports a label that stays although its swipe was taken back', async () => {
  const { swipe, label, rewind, found } = setUp();
  swipe('like');
  await label();
  rewind();
  expect(found()).toMatchObject({ wrong: 1, violations: 1 });
});

it('reports a label that comes twice', async () => {
  const { swipe, label, found } = setUp();
  swipe('like');
  await label();
  await label();
  expect(found()).toMatchObject({ doubled: 1, violations: 1 });
});

it('reports a decision that the server never made, and a profile that nobody knows', async () => {
  const { swipe, label, found } = setUp();
  swipe('like');
  await label({ verdict: 'hidden', decision: 'left', decidedBy: 'network', probability: 0.1 });
  await label({ profile: 'nobody' });
  expect(found()).toMatchObject({ wrong: 2 });
});

it('reports a press of Swipenet’s own', () => {
  const { swipe, found } = setUp({ excuse: 'control' });
  swipe('like', { trusted: false });
  expect(found()).toMatchObject({ violations: 1 });
});

it('knows when the person was told a verdict: it was decided, and they took the swipe back only later', () => {
  const swipe = { load: 1, atMs: 20_000 } as Verdict;
  const rewindAt = (atMs: number, load = 1) => ({ step: 0, load, atMs });
  const decided = { atMs: 1_000, isDecided: true };
  expect(isTold(swipe, [decided], [rewindAt(9_000)])).toBe(true);
  expect(isTold(swipe, [{ ...decided, isDecided: false }], [rewindAt(9_000)])).toBe(false);
  expect(isTold(swipe, [decided], [rewindAt(1_200)])).toBe(false);
  expect(isTold(swipe, [decided], [rewindAt(9_000, 2)])).toBe(false); // another page doesn't remember
  expect(isTold(swipe, [decided], [rewindAt(900), rewindAt(9_000)])).toBe(false); // it came too late
  const undecided = { atMs: 5_000, isDecided: false };
  expect(isTold(swipe, [decided, undecided], [rewindAt(1_100), rewindAt(9_000)])).toBe(false);
});
