import { randomUUID } from 'node:crypto';
import { SwipenetError, systemCodeOf } from '@swipenet/shared/contract/errors.ts';
import type { JobState } from '@swipenet/shared/contract/studio/jobs.ts';
import { startDetached } from '../../child/detached.ts';
import type { Clock } from '../../clock.ts';
import { CommandError } from '../../command-error.ts';
import { ProcessLock } from '../../files/process-lock.ts';
import type { Home } from '../../home/home.ts';
import { readDatasetHead } from '../../training/dataset/dataset.ts';
import type { Asked, Job, JobKind, Outcome, WorkOf } from './job-files.ts';
import type { JobStore, KnownJob } from './job-store.ts';

/** How often to look whether the next job can start: another server, or none, may have started the one before. */
const LOOK_EVERY_MS = 2_000;

/** How long to wait after a runner that couldn't start its job, for example because the disk is full. */
const AGAIN_MS = 30_000;

/** Runs a job (`job-runner.ts`). Tests pass their own. */
export type StartRunner = (parameters: readonly string[]) => Promise<{ readonly ended: Promise<void> }>;

/** What all queues have in common. */
export interface JobQueueOptions {
  readonly home: Home;
  /** The jobs of all kinds. */
  readonly jobs: JobStore;
  readonly clock: Clock;
  /** Returns the current date and time. */
  readonly date: () => Date;
  /** Called if the next job can't be started. It is tried again. */
  readonly onTrouble: (error: Error) => void;
  /** Called when a job has started or ended, as far as this server sees it. */
  readonly onChange: () => void;
  readonly startRunner?: StartRunner;
}

/** What a queue's jobs do. */
export interface JobProgram<Kind extends JobKind> {
  readonly kind: Kind;
  /** The program that does them. */
  readonly program: URL;
}

const startJobRunner: StartRunner = (parameters) =>
  startDetached(new URL('./job-runner.ts', import.meta.url), parameters);

/**
 * Runs the jobs of a kind, one at a time, in the order they were added. All of its state is on disk, so jobs survive the
 * server, and several servers may share a home folder: a job's runner makes sure that it runs at most once.
 */
export class JobQueue<Kind extends JobKind> {
  readonly #options: JobQueueOptions & JobProgram<Kind>;
  readonly #startRunner: StartRunner;
  readonly #closing = new AbortController();
  /** The end of the runner that this server has started last. */
  #runner: Promise<void> | undefined;
  #notBefore = Number.NEGATIVE_INFINITY;
  /** When the newest job was added. Two jobs of the same millisecond would have no order. */
  #newestMs = 0;
  #looking = Promise.resolve();

  constructor(options: JobQueueOptions & JobProgram<Kind>) {
    this.#options = options;
    this.#startRunner = options.startRunner ?? startJobRunner;
    void this.#watch();
  }

  /** Lists the queue's jobs in the order they were added. */
  list(): Promise<KnownJob<WorkOf<Kind>>[]> {
    return this.#options.jobs.listOf(this.#options.kind);
  }

  /** Returns one of the queue's jobs. Throws SwipenetError `studio_unknown`. */
  async find(id: string): Promise<KnownJob<WorkOf<Kind>>> {
    const known = (await this.list()).find(({ job }) => job.id === id);
    if (known) return known;
    throw new SwipenetError('studio_unknown', 'this job no longer exists');
  }

  /** Adds a job. It starts when the ones before it have ended. Throws CommandError `home_unusable`. */
  async add({ work, command, data }: Pick<Job<WorkOf<Kind>>, 'work' | 'command' | 'data'>): Promise<Job<WorkOf<Kind>>> {
    const { date, jobs, onChange } = this.#options;
    this.#newestMs = Math.max(date().getTime(), this.#newestMs + 1);
    const id = `${this.#newestMs.toString(36)}-${randomUUID().slice(0, 8)}`;
    const job = { format: 2 as const, id, addedAt: new Date(this.#newestMs).toISOString(), work, command, data };
    await jobs.add(job);
    onChange();
    await this.look();
    return job;
  }

  /**
   * Stops a job that runs: with a checkpoint first, or right away. Does nothing to one that has ended. Throws SwipenetError
   * `studio_unknown`, CommandError `home_unusable`.
   */
  async stop(id: string, how: Asked['how']): Promise<void> {
    const { jobs, onChange } = this.#options;
    if (!isGoing((await this.find(id)).state)) return;
    await jobs.write(id, 'asked', { how } satisfies Asked);
    // Its lock is held, so this is its process and no other. Without one yet, the runner finds what was asked.
    const pid = await jobs.pidOf(id);
    if (pid !== undefined) signalTo(pid, how === 'pause' ? 'SIGINT' : 'SIGTERM');
    onChange();
  }

  /**
   * Removes a job, and ends it first if it runs. It is no longer listed then, even if its process takes a moment to end.
   * Throws SwipenetError `studio_unknown`, CommandError `home_unusable`.
   */
  async discard(id: string): Promise<void> {
    const { jobs, onChange } = this.#options;
    if (!isGoing((await this.find(id)).state)) {
      try {
        await jobs.remove(id);
        onChange();
        return;
      } catch (error) {
        if (!(error instanceof CommandError && error.code === 'run_busy')) throw error; // it has just been started
      }
    }
    await this.stop(id, 'discard');
  }

  /** Removes a job that waits or has ended. Throws SwipenetError `studio_unknown`, CommandError `run_busy`. */
  async remove(id: string): Promise<void> {
    await this.find(id);
    await this.#options.jobs.remove(id);
    this.#options.onChange();
  }

  /** Returns the last lines of a job's output. Throws SwipenetError `studio_unknown`. */
  async log(id: string): Promise<string[]> {
    await this.find(id);
    return await this.#options.jobs.log(id);
  }

  /** Starts the next job if none is running. */
  look(): Promise<void> {
    this.#looking = this.#looking.then(() =>
      this.#startNext().catch((error: Error) => {
        this.#notBefore = this.#options.clock.now() + AGAIN_MS;
        this.#options.onTrouble(error);
      }),
    );
    return this.#looking;
  }

  /** Starts no more jobs. The running one continues. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#looking;
  }

  async #watch(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      await this.look();
      await this.#options.clock.delay(LOOK_EVERY_MS, signal).catch(() => {});
    }
  }

  async #startNext(): Promise<void> {
    const { home, jobs, kind, program, clock, onChange } = this.#options;
    if (this.#closing.signal.aborted || this.#runner || clock.now() < this.#notBefore) return;
    if (ProcessLock.isHeld(home.jobTurn(kind))) return;
    const next = await this.#nextFit();
    if (!next) return;
    const { id } = next.job;
    const { ended } = await this.#startRunner([home.job(id), home.jobTurn(kind), program.href]);
    this.#runner = ended.then(async () => {
      this.#runner = undefined;
      const after = await jobs.find(id).catch(() => undefined);
      if (after?.state === 'waiting') this.#notBefore = clock.now() + AGAIN_MS;
      onChange();
      void this.look();
    });
    onChange();
  }

  /** Returns the first job that waits, and ends those before it whose dataset is no longer what it was. */
  async #nextFit(): Promise<KnownJob<WorkOf<Kind>> | undefined> {
    for (const waiting of (await this.list()).filter(({ state }) => state === 'waiting')) {
      const refused = await refusalOf(waiting.job);
      if (refused === undefined) return waiting;
      const at = this.#options.date().toISOString();
      await this.#options.jobs.write(waiting.job.id, 'outcome', {
        at,
        code: null,
        signal: null,
        refused,
      } satisfies Outcome);
      this.#options.onChange();
    }
    return undefined;
  }
}

const isGoing = (state: JobState) => state === 'running' || state === 'stopping';

function signalTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (systemCodeOf(error) !== 'ESRCH') throw error; // it has just ended
  }
}

async function refusalOf({ data }: Job): Promise<string | undefined> {
  const head = await readDatasetHead(data.folder).catch(() => undefined);
  return head?.id === data.id
    ? undefined
    : `the dataset in ${data.folder} was changed or deleted before the job started`;
}
