import { randomUUID } from 'node:crypto';
import { systemCodeOf } from '@swipenet/shared/contract/errors.ts';
import { startDetached } from '../../child/detached.ts';
import type { Clock } from '../../clock.ts';
import { ProcessLock } from '../../files/process-lock.ts';
import type { Home } from '../../home/home.ts';
import { readDatasetHead } from '../../training/dataset/dataset.ts';
import type { Asked, Job, Outcome } from './job-files.ts';
import { JobStore, type KnownJob } from './job-store.ts';

/** How often to look whether the next job can start: another server, or none, may have started the one before. */
const LOOK_EVERY_MS = 2_000;

/** How long to wait after a runner that couldn't start its job, for example because the disk is full. */
const AGAIN_MS = 30_000;

/** Runs a job (`job-runner.ts`). Tests pass their own. */
export type StartRunner = (parameters: readonly string[]) => Promise<{ readonly ended: Promise<void> }>;

export interface JobQueueOptions {
  readonly home: Home;
  readonly clock: Clock;
  /** Returns the current date and time. */
  readonly date: () => Date;
  /** Called if the next job can't be started. It is tried again. */
  readonly onTrouble: (error: Error) => void;
  /** Called when a job has started or ended, as far as this server sees it. */
  readonly onChange: () => void;
  readonly startRunner?: StartRunner;
}

const startJobRunner: StartRunner = (parameters) =>
  startDetached(new URL('./job-runner.ts', import.meta.url), parameters);

/**
 * Runs jobs, one at a time, in the order they were added. All of its state is on disk, so jobs survive the server, and
 * several servers may share a home folder: a job's runner makes sure that it runs at most once.
 */
export class JobQueue {
  readonly store: JobStore;
  readonly #options: JobQueueOptions;
  readonly #startRunner: StartRunner;
  readonly #closing = new AbortController();
  /** The end of the runner that this server has started last. */
  #runner: Promise<void> | undefined;
  #notBefore = Number.NEGATIVE_INFINITY;
  #looking = Promise.resolve();

  constructor(options: JobQueueOptions) {
    this.store = new JobStore(options.home);
    this.#options = options;
    this.#startRunner = options.startRunner ?? startJobRunner;
    void this.#watch();
  }

  /** Adds a job. It starts when the ones before it have ended. Throws CommandError `home_unusable`. */
  async add(about: Pick<Job, 'run' | 'command' | 'data' | 'request'>): Promise<Job> {
    const added = this.#options.date();
    const id = `${added.getTime().toString(36)}-${randomUUID().slice(0, 8)}`;
    const job: Job = { format: 1, id, addedAt: added.toISOString(), ...about };
    await this.store.add(job);
    await this.look();
    return job;
  }

  /**
   * Stops a job that runs: with a checkpoint first, or right away. Does nothing to one that has ended. Throws SwipenetError
   * `studio_unknown`, CommandError `home_unusable`.
   */
  async stop(id: string, how: Asked['how']): Promise<void> {
    const { state } = await this.store.find(id);
    if (state !== 'running' && state !== 'stopping') return;
    await this.store.write(id, 'asked', { how } satisfies Asked);
    // Its lock is held, so this is its process and no other. Without one yet, the runner finds what was asked.
    const { started } = await this.store.find(id);
    if (started) signalTo(started.pid, how === 'pause' ? 'SIGINT' : 'SIGTERM');
    this.#options.onChange();
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
    const { home, clock, onChange } = this.#options;
    if (this.#closing.signal.aborted || this.#runner || clock.now() < this.#notBefore) return;
    if (ProcessLock.isHeld(home.jobTurn)) return;
    const next = await this.#nextFit();
    if (!next) return;
    const { id } = next.job;
    const { ended } = await this.#startRunner([home.job(id), home.jobTurn]);
    this.#runner = ended.then(async () => {
      this.#runner = undefined;
      const after = await this.store.find(id).catch(() => undefined);
      if (after?.state === 'waiting') this.#notBefore = clock.now() + AGAIN_MS;
      onChange();
      void this.look();
    });
    onChange();
  }

  /** Returns the first job that waits, and ends those before it whose dataset is no longer what it was. */
  async #nextFit(): Promise<KnownJob | undefined> {
    for (const waiting of (await this.store.list()).filter(({ state }) => state === 'waiting')) {
      const refused = await refusalOf(waiting.job);
      if (refused === undefined) return waiting;
      const at = this.#options.date().toISOString();
      await this.store.write(waiting.job.id, 'outcome', { at, code: null, signal: null, refused } satisfies Outcome);
      this.#options.onChange();
    }
    return undefined;
  }
}

function signalTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (systemCodeOf(error) !== 'ESRCH') throw error; // it has just ended
  }
}

async function refusalOf({ data }: Job): Promise<string | undefined> {
  if (!data) return undefined;
  const head = await readDatasetHead(data.folder).catch(() => undefined);
  return head?.id === data.id
    ? undefined
    : `the dataset in ${data.folder} was changed or deleted before the job started`;
}
