import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../test/support/manual-clock.ts';
import { outOfPatience, type Patience } from './patience.ts';

const settled = () => new Promise((resolve) => setImmediate(resolve));

function setUp(patience: Patience) {
  const clock = new ManualClock();
  const answered = new AbortController();
  let beats = 0;
  let fault: string | undefined;
  void outOfPatience(patience, () => beats, clock, answered.signal).then((reason) => {
    fault = reason;
  });
  return {
    answered,
    fault: () => fault,
    beat: () => {
      beats += 1;
    },
    /** Advances the clock in steps of one second. */
    pass: async (seconds: number) => {
      for (let second = 0; second < seconds; second += 1) {
        clock.advance(1000);
        await settled();
      }
    },
  };
}

describe('patience', () => {
  it('runs out at the timeout despite heartbeats', async () => {
    const { fault, beat, pass } = setUp({ timeoutMs: 5000, idleMs: 10_000 });
    beat();
    await pass(4);
    expect(fault()).toBeUndefined();
    await pass(1);
    expect(fault()).toBe('did not answer within 5 s');
  });

  it('runs out after a while without a heartbeat', async () => {
    const { fault, pass } = setUp({ idleMs: 10_000 });
    await pass(9);
    expect(fault()).toBeUndefined();
    await pass(1);
    expect(fault()).toBe('used no CPU time for 10 s');
  });

  it('never runs out while there is a heartbeat now and then', async () => {
    const { fault, beat, pass } = setUp({ idleMs: 10_000 });
    for (let minute = 0; minute < 20; minute += 1) {
      await pass(9);
      beat();
    }
    expect(fault()).toBeUndefined();
  });

  it('doesn’t run out because the machine slept for hours', async () => {
    const clock = new ManualClock();
    let fault: string | undefined;
    void outOfPatience({ idleMs: 10_000 }, () => 0, clock, new AbortController().signal).then((reason) => {
      fault = reason;
    });
    clock.advance(10 * 3_600_000);
    await settled();
    expect(fault).toBeUndefined();
    for (let second = 0; second < 9; second += 1) {
      clock.advance(1000);
      await settled();
    }
    expect(fault).toBe('used no CPU time for 10 s');
  });

  it('never runs out after the answer', async () => {
    const { answered, fault, pass } = setUp({ timeoutMs: 5000, idleMs: 10_000 });
    answered.abort();
    await pass(20);
    expect(fault()).toBeUndefined();
  });
});
