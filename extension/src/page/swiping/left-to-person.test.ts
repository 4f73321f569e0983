import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../messages.ts';
import type { Settings } from '../../storage/settings.ts';
import { LeftToPerson } from './left-to-person.ts';

const profile = (key: string) => ({ key, card: {} as Element });
const CLEAR = { ask: false } as unknown as Verdict;
const CLOSE = { ask: true } as unknown as Verdict;

function setUp({ mode = 'swipe' as Settings['mode'], spotCheck = false, asks = true } = {}) {
  const world = { mode, spotCheck, asks, draws: 0 };
  const left = new LeftToPerson({
    mode: () => world.mode,
    drawsSpotCheck: () => {
      world.draws += 1;
      return world.spotCheck;
    },
    asks: () => world.asks,
  });
  left.begin(profile('a'));
  return { left, world };
}

describe('a card', () => {
  it('is hidden and drawn for nothing in Learn, and shown in Show', () => {
    const { left, world } = setUp({ mode: 'learn', spotCheck: true });
    expect([left.isHidden, world.draws]).toEqual([true, 0]);
    world.mode = 'show';
    expect(left.isHidden).toBe(false);
  });

  it('is a spot check if the lot says so, once per card', () => {
    const { left, world } = setUp({ spotCheck: true });
    expect([left.isHidden, left.reason(CLEAR)]).toEqual([true, 'spot_check']);
    world.spotCheck = false;
    left.begin(profile('a')); // looked at again
    expect(left.isHidden).toBe(true);
    left.begin(profile('b'));
    expect([left.isHidden, left.reason(CLEAR), world.draws]).toEqual([false, undefined, 2]);
  });

  it('is left to the person if it is a close call, unless they don’t want to be asked', () => {
    const { left, world } = setUp();
    expect([left.reason(CLOSE), left.isHidden]).toEqual(['close_call', false]);
    world.asks = false;
    expect(left.reason(CLOSE)).toBeUndefined();
  });

  it.each([
    ['a spot check', { spotCheck: true }, CLEAR],
    ['a close call', {}, CLOSE],
  ])('that is %s is swiped and shown after Resume, but the next one is not', (_what, options, verdict) => {
    const { left } = setUp(options);
    left.excuse();
    expect([left.reason(verdict), left.isHidden]).toEqual([undefined, false]);
    left.begin(profile('b'));
    expect(left.reason(verdict)).toBeDefined();
  });
});
