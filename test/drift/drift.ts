import { ClockedExtension } from './clocked-extension.ts';
import { Lane } from './lane.ts';
import type { RunLog } from './log.ts';
import { planRun } from './plan-run.ts';
import type { RunRecord } from './play-run.ts';

/** Configures a drift suite. */
export interface DriftOptions {
  readonly chromium: string;
  readonly seed: number;
  /** The total number of runs, including those in the log. */
  readonly runs: number;
  readonly browsers: number;
  readonly log?: RunLog;
  /** Called after each run with its record and the number of finished runs. */
  readonly ended?: (record: RunRecord, done: number) => void;
}

/** Plays the runs that the log doesn't have yet, spread over several browsers. Returns all runs in order. */
export async function playDrift(options: DriftOptions): Promise<RunRecord[]> {
  const { chromium, seed, runs, browsers, log, ended } = options;
  const records = (log?.records ?? []).filter(({ run }) => run < runs);
  const known = new Set(records.map(({ run }) => run));
  const waiting = Array.from({ length: runs }, (_, run) => run).filter((run) => !known.has(run));
  const extension = await ClockedExtension.make();
  const play = async () => {
    const lane = new Lane(chromium, extension.folder);
    try {
      for (let run = waiting.shift(); run !== undefined; run = waiting.shift()) {
        const record = await lane.play(planRun(seed, run));
        log?.add(record);
        records.push(record);
        ended?.(record, records.length);
      }
    } finally {
      await lane.close();
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(browsers, waiting.length) }, play));
  } finally {
    await extension.remove();
  }
  return records.sort((a, b) => a.run - b.run);
}

/** Replays one run and takes a screenshot of the page at its end. */
export async function replay(
  { chromium, seed }: Pick<DriftOptions, 'chromium' | 'seed'>,
  run: number,
  picture: string,
): Promise<RunRecord> {
  const extension = await ClockedExtension.make();
  const lane = new Lane(chromium, extension.folder);
  try {
    const record = await lane.play(planRun(seed, run));
    await (await lane.table()).page.screenshot({ path: picture });
    return record;
  } finally {
    await lane.close();
    await extension.remove();
  }
}
