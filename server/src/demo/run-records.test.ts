import { describe, expect, it } from 'vitest';
import { RECORD_LIMITS, type RunEvent, RunRecords } from './run-records.ts';

const event = (profile: string): RunEvent => ({ kind: 'like', profile, input: 'button', trusted: true });

describe('the records of runs', () => {
  it('keep each run’s events apart and in order', () => {
    const records = new RunRecords();
    records.add('a', [event('p0')]);
    records.add('b', [event('p7')]);
    records.add('a', [event('p1'), event('p2')]);
    expect(records.read('a').map(({ profile }) => profile)).toEqual(['p0', 'p1', 'p2']);
    expect(records.read('b')).toEqual([event('p7')]);
    expect(records.read('c')).toEqual([]);
  });

  it('add all events of a report, or none if the run would exceed its limit', () => {
    const records = new RunRecords();
    const many = Array.from({ length: RECORD_LIMITS.eventsPerRun - 1 }, () => event('p0'));
    expect(records.add('a', many)).toBe(true);
    expect(records.add('a', [event('p1'), event('p2')])).toBe(false);
    expect(records.add('a', [event('p3')])).toBe(true);
    expect(records.read('a')).toHaveLength(RECORD_LIMITS.eventsPerRun);
  });

  it('forget the oldest run when there are too many runs', () => {
    const records = new RunRecords();
    for (let run = 0; run <= RECORD_LIMITS.runs; run += 1) records.add(`run-${run}`, [event('p0')]);
    expect(records.read('run-0')).toEqual([]);
    expect(records.read('run-1')).toHaveLength(1);
  });
});
