import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Progress } from '../simulation/progress.ts';
import { playDrift, replay } from './drift.ts';
import { RunLog } from './log.ts';
import { planRun } from './plan-run.ts';
import { driftReport, driftText, faultText, isFault } from './report.ts';

const ARTIFACTS = fileURLToPath(new URL('../artifacts', import.meta.url));

/** The command's flags. */
export interface DriftFlags {
  readonly chromium: string;
  readonly seed: number;
  readonly runs: number;
  readonly browsers: number;
  readonly resume?: true;
  readonly only?: number;
  readonly log?: string;
  readonly json?: true;
}

/**
 * Runs `npm run simulate -- --drift`: plays, prints the report, and returns the exit code.
 *
 * @throws OtherLog if the log to resume belongs to another suite
 */
export async function runDrift(flags: DriftFlags): Promise<number> {
  return flags.only === undefined ? playAll(flags) : playOne(flags, flags.only);
}

async function playAll(flags: DriftFlags): Promise<number> {
  const { chromium, seed, runs, browsers, log: path, json } = flags;
  const log = RunLog.open(seed, { resume: flags.resume ?? false, ...(path !== undefined && { path }) });
  const before = log.records.filter(({ run }) => run < runs).length;
  const progress = new Progress(runs - before);
  if (before > 0) console.error(`${before} runs are in ${log.path} already`);
  const records = await playDrift({
    chromium,
    seed,
    runs,
    browsers,
    log,
    ended(record, done) {
      if (isFault(record)) {
        progress.clear();
        console.error(faultText(seed, record));
      }
      progress.at(done - before);
    },
  });
  progress.clear();
  const report = driftReport(seed, records);
  console.log(json ? JSON.stringify(report, null, 2) : driftText(report));
  return report.faults.length > 0 ? 1 : 0;
}

async function playOne({ chromium, seed, json }: DriftFlags, run: number): Promise<number> {
  mkdirSync(ARTIFACTS, { recursive: true });
  const picture = `${ARTIFACTS}drift-${seed}-${run}.png`;
  const { changes, path } = planRun(seed, run);
  const record = await replay({ chromium, seed }, run, picture);
  const address = `https://tinder.com${path}`;
  console.log(JSON.stringify({ ...record, changes, address, picture }, null, json ? 2 : 1));
  return isFault(record) ? 1 : 0;
}
