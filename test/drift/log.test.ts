import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { OtherLog, RunLog } from './log.ts';
import type { RunRecord } from './play-run.ts';
import { driftReport, driftText } from './report.ts';

const record = (run: number, change: Partial<RunRecord> = {}): RunRecord => ({
  run,
  page: 'recs',
  mutations: ['cover'],
  outcome: 'stops',
  reason: 'covered',
  detail: undefined,
  swipes: 0,
  ms: 500,
  clockMs: 2_000,
  unsafe: [],
  mixed: 0,
  ...change,
});

const pathIn = (folder: string) => join(folder, 'drift.jsonl');

it('resumes with the finished runs and drops an incomplete line', async () => {
  const path = pathIn(await temporaryFolder());
  const first = RunLog.open(1, { path, resume: false });
  first.add(record(3));
  first.add(record(1));
  appendFileSync(path, '{"run":2,"page":"re');
  const second = RunLog.open(1, { path, resume: true });
  expect(second.records.map(({ run }) => run)).toEqual([1, 3]);
  second.add(record(2));
  expect(RunLog.open(1, { path, resume: true }).records.map(({ run }) => run)).toEqual([1, 2, 3]);
});

it('starts over without --resume, and refuses the log of another seed', async () => {
  const path = pathIn(await temporaryFolder());
  RunLog.open(1, { path, resume: false }).add(record(0));
  expect(() => RunLog.open(2, { path, resume: true })).toThrow(OtherLog);
  expect(RunLog.open(1, { path, resume: false }).records).toEqual([]);
  expect(readFileSync(path, 'utf8').trim().split('\n')).toHaveLength(1);
});

it('reports the shares by mutation and page, the slowest stop, and every fault with its run', () => {
  const unsafe = [{ kind: 'paid_pressed', step: 0, detail: 'decoy by button: it costs money' }] as const;
  const records = [
    record(0),
    record(1, { mutations: [], outcome: 'works', reason: null, swipes: 3, clockMs: 700 }),
    record(2, { mutations: ['cover', 'translate'], clockMs: 31_000, page: 'explore' }),
    record(3, { outcome: 'unsafe', unsafe }),
    record(4, { outcome: 'silent', reason: null }),
    record(5, { broken: 'x is not a function' }),
  ];
  const report = driftReport(9, records);
  expect(report.byMutation.cover).toEqual({
    runs: 5,
    outcomes: { works: 0, stops: 3, holds: 0, silent: 1, unsafe: 1 },
    reasons: [['covered', 3]],
  });
  expect(report.byMutation.none?.outcomes.works).toBe(1);
  expect(report.byMutation.translate?.runs).toBe(1);
  expect(report.byPage.explore?.runs).toBe(1);
  expect(report.slowestMs).toBe(31_000);
  expect(report.faults.map(({ run }) => run)).toEqual([3, 4, 5]);
  expect(driftText(report)).toContain(
    'seed 9, run 3, recs, cover: unsafe: paid_pressed at 0, decoy by button: it costs',
  );
});
