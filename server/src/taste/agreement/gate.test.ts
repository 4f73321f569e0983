import { describe, expect, it } from 'vitest';
import type { CountedSwipe } from './agreement.ts';
import { lowerBound } from './agreement-bound.ts';
import { advanceGate, type Gate, NEW_GATE, replayGate } from './gate.ts';

const REQUIRED = 0.6;

/** A like and a pass in turns, all agreed with or none. */
const pairs = (count: number, agreed: boolean): CountedSwipe[] =>
  Array.from({ length: 2 * count }, (_, at) => ({ liked: at % 2 === 0, agreed }));

/** Returns the gate after each swipe. */
function gatesOf(swipes: readonly CountedSwipe[], required = REQUIRED): Gate[] {
  let gate = NEW_GATE;
  return swipes.map((swipe) => {
    gate = advanceGate(gate, swipe, required);
    return gate;
  });
}

const changesOf = (gates: readonly Gate[]) =>
  gates.flatMap(({ isOpen }, at) => (isOpen === (gates[at - 1]?.isOpen ?? false) ? [] : [at]));

describe('the gate', () => {
  it('is closed without swipes', () => {
    expect(replayGate([])).toMatchObject({ isOpen: false, balanced: null, fadedBalanced: null, required: 0.6 });
  });

  it('opens with the first swipe at which the lower bound reaches the setting, and not before', () => {
    for (const required of [0.5, 0.6, 0.75, 0.95]) {
      const gates = gatesOf(pairs(250, true), required);
      const reached = gates.findIndex(({ evidence }) => lowerBound(evidence) >= required);
      expect(changesOf(gates)).toEqual([reached]);
    }
  });

  it('stays open at a lower bound below the setting, as long as the faded agreement holds', () => {
    const gates = gatesOf([...pairs(10, true), ...pairs(3, false)]);
    expect(lowerBound(gates.at(-1)!.evidence)).toBeLessThan(REQUIRED);
    expect(gates.at(-1)).toMatchObject({ isOpen: true, belowInARow: 0 });
  });

  it('shuts after 20 swipes in a row with the faded agreement below the setting', () => {
    const gates = gatesOf([...pairs(100, true), ...pairs(100, false)]);
    const [opened, shut, ...later] = changesOf(gates);
    const below = gates.findIndex(({ belowInARow }) => belowInARow === 1);
    expect(later).toEqual([]);
    expect(opened).toBeLessThan(below);
    expect(shut! - below).toBe(19);
    expect(gates[shut!]).toMatchObject({ isOpen: false, timesShut: 1, belowInARow: 0 });
  });

  it('starts to count again if the faded agreement recovers in between', () => {
    const dip = pairs(26, false); // enough to fall below the setting, too few to stay there for 20 swipes
    const gates = gatesOf([...pairs(100, true), ...dip, ...pairs(100, true)]);
    expect(Math.max(...gates.map(({ belowInARow }) => belowInARow))).toBeGreaterThan(0);
    expect(gates.at(-1)).toMatchObject({ isOpen: true, timesShut: 0, belowInARow: 0 });
  });

  it('opens again only on evidence from after it shut, however good the years before were', () => {
    const gates = gatesOf([...pairs(5_000, true), ...pairs(40, false), ...pairs(100, true)]);
    const [, shut, reopened] = changesOf(gates);
    expect(lowerBound(gates[shut!]!.total)).toBeGreaterThan(0.95);
    const again = gates[reopened!]!.evidence;
    const count = Object.values(again).reduce((sum, { agreed, disagreed }) => sum + agreed + disagreed, 0);
    expect(count).toBe(reopened! - shut!);
    expect(lowerBound(again)).toBeGreaterThanOrEqual(REQUIRED);
  });

  it('reports what it decides by', () => {
    const { evidence, total, balanced, lowerBound: bound } = replayGate([...pairs(30, true), ...pairs(10, false)]);
    expect(evidence).toEqual({ likes: { agreed: 30, disagreed: 10 }, passes: { agreed: 30, disagreed: 10 } });
    expect(total).toEqual(evidence);
    expect(balanced).toBe(0.75);
    expect(bound).toBe(lowerBound(evidence));
  });

  it.each([0.49, 0.951, Number.NaN])('refuses a setting of %d', (required) => {
    expect(() => replayGate([], required)).toThrow('from 0.5 to 0.95');
  });
});
