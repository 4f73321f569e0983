import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import { EVIDENCE_SIDE } from '@swipenet/shared/photo.ts';
import { Child } from '../child/child.ts';
import type { Exchange } from '../child/protocol.ts';
import type { Clock } from '../clock.ts';
import { type CropBatch, cropBatch, type PhotoCrop } from '../image/photo-bytes.ts';
import { deviceEnvironment } from '../runtime/device-environment.ts';
import type { Device } from '../runtime/session.ts';
import type { Engine, EngineRestart, EngineStats, PhotoInference, RestartReason } from './engine.ts';

/** The model that an engine process opens, and how it runs it. */
export interface EngineSettings {
  readonly modelPath: string;
  /** The expected SHA-256 of the model file, in hex. The file may have been replaced since its manifest was checked. */
  readonly sha256: string;
  readonly device: Device;
  readonly threads: number;
  readonly batchSizes: readonly number[];
  readonly warmSizes: readonly number[];
}

/** A batch of `count` photos. */
interface EngineBatch {
  readonly photos: CropBatch;
  readonly count: number;
}

/** The answer to a batch: `likes` is `[count]`, `evidence` is `[count, 7, 7]`, `features` is `[count, 1856]`. */
export interface EngineAnswer {
  readonly likes: Float32Array;
  readonly evidence: Float32Array;
  readonly features: Float16Array;
  /** The process's resident memory. */
  readonly rssBytes: number;
}

/** The requests that an engine process accepts: `open` loads the model and warms it up, then `run` runs batches. */
export type EngineProtocol = {
  readonly open: Exchange<EngineSettings, void>;
  readonly run: Exchange<EngineBatch, EngineAnswer>;
};

/** How to run and monitor an engine process. */
export interface ChildEngineOptions {
  readonly settings: EngineSettings;
  readonly clock: Clock;
  /**
   * Time limit for a batch, after which its process is killed. It leaves time for a retry within the request's
   * deadline.
   */
  readonly runTimeoutMs?: number;
  /** Time limit for loading the model and warming it up. */
  readonly openTimeoutMs?: number;
  /** A process that uses more memory is replaced. There is no limit by default. */
  readonly maxRssBytes?: number;
  /** Called after each unexpected exit, failed restart or failed replacement. */
  readonly onTrouble?: (error: Error) => void;
  /** Called when a new process has taken over. */
  readonly onRestart?: (restart: EngineRestart) => void;
  /** The program to run. Tests pass programs that speak the same protocol but misbehave. */
  readonly program?: URL;
}

type EngineChild = Child<EngineProtocol>;

const PROGRAM = new URL('./engine-process.ts', import.meta.url);
const EVIDENCE_SIZE = EVIDENCE_SIDE ** 2;
const RUN_TIMEOUT_MS = 8000;
const OPEN_TIMEOUT_MS = 120_000;
const MAX_RESTART_DELAY_MS = 30_000;

/**
 * Runs an engine in a child process. If the process dies, its batch is rejected with `engine_failed` and the process is
 * restarted immediately. Failed restarts are retried after 1, 2, 4, … up to 30 seconds. A process that exceeds its
 * memory limit keeps working until its replacement is warm. The replacement takes over between two batches.
 */
export class ChildEngine implements Engine {
  readonly #options: ChildEngineOptions;
  readonly #closing = new AbortController();
  /** Every process: the current one, those that are starting and those that are ending. */
  readonly #children = new Set<EngineChild>();
  #current: EngineChild | undefined;
  #ready: Promise<void>;
  #replacing = false;
  #replaceFromMs = 0;
  #restarts: Record<RestartReason, number> = { died: 0, hung: 0, recycled: 0 };
  #counts = { batches: 0, photos: 0, busyMs: 0, rssBytes: 0 };

  private constructor(options: ChildEngineOptions) {
    this.#options = options;
    this.#ready = this.#start();
  }

  /**
   * Starts the process, loads the model and warms it up.
   *
   * @throws Error with the reason and the end of the process's standard error.
   */
  static async open(options: ChildEngineOptions): Promise<ChildEngine> {
    const engine = new ChildEngine(options);
    try {
      await engine.#ready;
    } catch (error) {
      await engine.close();
      throw error;
    }
    return engine;
  }

  ready(): Promise<void> {
    return this.#ready;
  }

  get alive(): boolean {
    return this.#current !== undefined;
  }

  /** The ID of the current process, if there is one. */
  get pid(): number | undefined {
    return this.#current?.pid;
  }

  get stats(): EngineStats {
    return { pid: this.pid, alive: this.alive, restarts: { ...this.#restarts }, ...this.#counts };
  }

  async run(photos: readonly PhotoCrop[]): Promise<readonly PhotoInference[]> {
    const child = this.#current;
    const { clock, runTimeoutMs = RUN_TIMEOUT_MS } = this.#options;
    let answer: EngineAnswer;
    const begin = clock.now();
    try {
      if (!child) throw new Error('the engine is restarting');
      answer = await child.ask('run', { photos: cropBatch(photos), count: photos.length }, { timeoutMs: runTimeoutMs });
    } catch (cause) {
      if (child?.alive) throw new SwipenetError('engine_failed', 'the engine couldn’t run the batch', { cause });
      // The batch may be retried right away, and it must not go to the same process.
      if (child) this.#handleLoss(child);
      throw new SwipenetError('engine_failed', 'the engine stopped before it returned a result', { cause });
    } finally {
      this.#counts.busyMs += clock.now() - begin;
    }
    this.#counts.batches += 1;
    this.#counts.photos += photos.length;
    this.#counts.rssBytes = answer.rssBytes;
    if (answer.rssBytes > (this.#options.maxRssBytes ?? Number.POSITIVE_INFINITY)) void this.#replace();
    const featureCount = answer.features.length / photos.length;
    return Array.from(answer.likes, (like, index) => ({
      like,
      evidence: answer.evidence.slice(index * EVIDENCE_SIZE, (index + 1) * EVIDENCE_SIZE),
      features: answer.features.slice(index * featureCount, (index + 1) * featureCount),
    }));
  }

  async close(): Promise<void> {
    this.#closing.abort(new SwipenetError('shutting_down', 'the server is shutting down'));
    await Promise.all([...this.#children].map((child) => child.end()));
  }

  /** Starts a process and makes it the current one. */
  async #start(): Promise<void> {
    this.#adopt(await this.#openChild());
  }

  /** Starts a process, loads its model and warms it up. */
  async #openChild(): Promise<EngineChild> {
    const { program = PROGRAM, settings, clock, openTimeoutMs = OPEN_TIMEOUT_MS } = this.#options;
    this.#closing.signal.throwIfAborted();
    const environment = deviceEnvironment(settings.device);
    const child: EngineChild = new Child(program, { name: 'engine', clock, environment });
    this.#children.add(child);
    void child.exited.then(() => this.#children.delete(child));
    try {
      await child.ask('open', settings, { timeoutMs: openTimeoutMs });
      return child;
    } catch (error) {
      child.kill();
      await child.exited;
      throw error;
    }
  }

  #adopt(child: EngineChild): void {
    this.#current = child;
    void child.exited.then(() => this.#handleLoss(child));
  }

  /** Starts another process when the current one is gone or about to be. */
  #handleLoss(child: EngineChild): void {
    if (this.#current !== child) return;
    this.#current = undefined;
    this.#ready = this.#replaceDead(child);
    this.#ready.catch(() => {});
  }

  async #replaceDead(child: EngineChild): Promise<void> {
    await child.exited;
    this.#closing.signal.throwIfAborted();
    const reason = child.hung ? 'hung' : 'died';
    this.#options.onTrouble?.(new Error(`engine process ${child.pid} ${reason}; restarting it. ${child.lastWords}`));
    await this.#restart(reason);
  }

  async #restart(reason: RestartReason): Promise<void> {
    for (let delayMs = 1000; ; delayMs = Math.min(2 * delayMs, MAX_RESTART_DELAY_MS)) {
      try {
        this.#closing.signal.throwIfAborted();
        await this.#start();
        return this.#restarted(reason);
      } catch (error) {
        this.#closing.signal.throwIfAborted();
        this.#options.onTrouble?.(error as Error);
        await this.#options.clock.delay(delayMs, this.#closing.signal).catch(() => {});
      }
    }
  }

  #restarted(reason: RestartReason): void {
    this.#restarts[reason] += 1;
    const { died, hung, recycled } = this.#restarts;
    this.#options.onRestart?.({ reason, pid: this.pid, restarts: died + hung + recycled });
  }

  /** Starts a new process while the old one keeps working, then switches to it. No batch is lost or delayed. */
  async #replace(): Promise<void> {
    const { clock, onTrouble } = this.#options;
    const old = this.#current;
    if (!old || this.#replacing || clock.now() < this.#replaceFromMs) return;
    this.#replacing = true;
    try {
      const child = await this.#openChild();
      if (this.#current !== old) return await child.end(); // the old one died in the meantime and was restarted
      this.#adopt(child);
      this.#restarted('recycled');
      await old.retire();
    } catch (error) {
      if (!this.#closing.signal.aborted) onTrouble?.(error as Error);
      this.#replaceFromMs = clock.now() + MAX_RESTART_DELAY_MS;
    } finally {
      this.#replacing = false;
    }
  }
}
