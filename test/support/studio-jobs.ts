import { startDetached } from '@swipenet/server/child/detached.ts';
import { systemClock, systemDate } from '@swipenet/server/clock.ts';
import type { Home } from '@swipenet/server/home/home.ts';
import type { JobQueueOptions, StartRunner } from '@swipenet/server/studio/jobs/job-queue.ts';
import { JobStore } from '@swipenet/server/studio/jobs/job-store.ts';
import { onTestFinished, vi } from 'vitest';

const RUNNER = new URL('../../server/src/studio/jobs/job-runner.ts', import.meta.url);

/** Jobs have the lowest priority, so on a busy machine they take a while. */
export const eventually = <Result>(look: () => Promise<Result>): Promise<Result> =>
  vi.waitFor(look, { timeout: 50_000, interval: 20 });

/**
 * What the queues of a home folder need. Their jobs run in real processes, but another program does the work. What still
 * runs after the test is ended.
 *
 * @param program a file in `test/fixtures`.
 */
export function jobOptions(home: Home, program: string) {
  const starts: string[] = [];
  const fake = new URL(`../fixtures/${program}`, import.meta.url).href;
  const startRunner: StartRunner = ([job, turn]) => {
    starts.push(job!);
    return startDetached(RUNNER, [job!, turn!, fake]);
  };
  const jobs = new JobStore(home);
  const options: JobQueueOptions = {
    ...{ home, jobs, startRunner, clock: systemClock, date: systemDate, onChange: () => {} },
    onTrouble: (error) => {
      throw error;
    },
  };
  /** Kills the runner of a job, as the system does when memory runs out. Its program is killed with it. */
  const killRunner = async (id: string) => {
    const { started } = await jobs.find(id);
    process.kill(started!.pid, 'SIGKILL');
  };
  /** Returns the process of a job's fake command, once it trains. */
  const processOf = (id: string) =>
    eventually(async () => {
      const pid = /in process (\d+)/.exec((await jobs.log(id)).at(-1) ?? '')?.[1];
      if (!pid) throw new Error('not training yet');
      return Number(pid);
    });
  onTestFinished(async () => {
    await eventually(async () => {
      const running = (await jobs.list()).filter(({ state }) => state === 'running');
      for (const { job, started } of running) if (started) await killRunner(job.id);
      if (running.length > 0) throw new Error('a job still runs');
    });
  });
  return { options, jobs, starts, killRunner, processOf };
}
