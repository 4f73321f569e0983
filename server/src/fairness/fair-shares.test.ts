import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FairShares, OWNER } from './fair-shares.ts';

/** Takes as much as a caller gets, one unit at a time. */
function fill(shares: FairShares, caller: string): number {
  let taken = 0;
  while (shares.take(caller, 1)) taken += 1;
  return taken;
}

describe('fair shares', () => {
  it('keep half for the owner, whatever devices take', () => {
    const shares = new FairShares(1000, { greed: 4 });
    for (let device = 0; device < 100; device += 1) fill(shares, `device ${device}`);
    expect(shares.take(OWNER, 500)).toBe(true);
  });

  it('let the owner use everything that is free', () => {
    expect(fill(new FairShares(1000, { greed: 4 }), OWNER)).toBe(1000);
  });

  it('leave something for the next device', () => {
    const shares = new FairShares(1000, { greed: 4 });
    expect([fill(shares, 'a'), fill(shares, 'b'), fill(shares, 'c')]).toEqual([400, 80, 16]);
    const equal = new FairShares(1000, { greed: 1 });
    expect([fill(equal, 'a'), fill(equal, 'b'), fill(equal, 'c')]).toEqual([250, 125, 62]);
  });

  it('become equal once a greedy device has given back what it has too much of', () => {
    const shares = new FairShares(1000, { greed: 4 });
    fill(shares, 'a');
    fill(shares, 'b');
    for (let round = 0; round < 400; round += 1) {
      shares.release('a', 1);
      shares.take('b', 1);
      shares.take('a', 1);
    }
    expect([fill(shares, 'a'), fill(shares, 'b')]).toEqual([0, 0]);
    expect(shares.total).toBeGreaterThan(430);
    shares.release('b', 200);
    expect(fill(shares, 'b')).toBeGreaterThanOrEqual(200);
  });

  it('never exceed the capacity, and are free again once everyone has given back', () => {
    const taking = fc.record({
      caller: fc.constantFrom(OWNER, 'a', 'b', 'c'),
      amount: fc.integer({ min: 1, max: 60 }),
    });
    fc.assert(
      fc.property(fc.array(taking, { maxLength: 60 }), (attempts) => {
        const shares = new FairShares(100, { greed: 4 });
        const taken = attempts.filter(({ caller, amount }) => shares.take(caller, amount));
        const ofDevices = taken.filter(({ caller }) => caller !== OWNER).reduce((sum, { amount }) => sum + amount, 0);
        if (shares.total > 100 || ofDevices > 50) return false;
        for (const { caller, amount } of taken) shares.release(caller, amount);
        return shares.total === 0 && shares.take(OWNER, 100);
      }),
    );
  });
});
