import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import { EVIDENCE_SIDE } from '@swipenet/shared/photo.ts';
import { Child } from '../child/child.ts';
import type { Exchange } from '../child/protocol.ts';
import type { Clock } from '../clock.ts';
import { type CropBatch, cropBatch, type PhotoCrop } from '../image/photo-bytes.ts';
import { deviceEnvironment } from '../runtime/device-environment.ts';
import type { Device } from '../runtime/session.ts';
import type { Engine, EngineRestart, EngineStats, PhotoInference, RestartReason } from './engine.ts';

/** What an engine process is opened with. */
export interface EngineSettings {
  readonly modelPath: string;
  /** SHA-256 that the file must have, in hex: it may have been replaced since its manifest was checked. */
  readonly sha256: string;
  readonly device: Device;
  readonly threads: number;
  readonly batchSizes: readonly number[];
  readonly warmSizes: readonly number[];
}

/** A batch of photos, and how many they are. */
export interface EngineBatch {
  readonly photos: CropBatch;
  readonly count: number;
}

/** The answer to a batch: `likes` is `[count]`, `evidence` is `[count, 7, 7]`. */
export interface EngineAnswer {
  readonly likes: Float32Array;
  readonly evidence: Float32Array;
  /** Memory that the process holds. */
  readonly rssBytes: number;
}

/** What an engine process can be asked: to open its model and warm it, then to run batches. */
export type EngineProtocol = {
  readonly open: Exchange<EngineSettings, void>;
  readonly run: Exchange<EngineBatch, EngineAnswer>;
};

/** How an engine process is run and watched. */
export interface ChildEngineOptions {
  readonly settings: EngineSettings;
  readonly clock: Clock;
  /** A batch that takes longer is given up and its process killed; well inside a request's deadline, so it is tried again. */
  readonly runTimeoutMs?: number;
  /** Opening and warming that takes longer is given up. */
  readonly openTimeoutMs?: number;
  /** A process that holds more memory is replaced by a new one; by default none is. */
  readonly maxRssBytes?: number;
  /** Told of every unexpected death, failed restart and failed replacement. */
  readonly onTrouble?: (error: Error) => void;
  /** Told when it has a new process that takes its batches. */
  readonly onRestart?: (restart: EngineRestart) => void;
  /** The program of the process; tests bring others that answer the same questions and misbehave. */
  readonly program?: URL;
}

type EngineChild = Child<EngineProtocol>;

const PROGRAM = new URL('./engine-process.ts', import.meta.url);
const EVIDENCE_SIZE = EVIDENCE_SIDE ** 2;
const RUN_TIMEOUT_MS = 8000;
const OPEN_TIMEOUT_MS = 120_000;
const MAX_RESTART_DELAY_MS = 30_000;

/**
 * An engine in a child process. When the process dies, what it held is rejected with `engine_failed` and it is started
 * again at once; a start that fails is tried again after 1, 2, 4, … 30 seconds. A process whose memory has grown past
 * its limit goes on until a new one is warm, and hands over between two batches.
 */
export class ChildEngine implements Engine {
  readonly #options: ChildEngineOptions;
  readonly #closing = new AbortController();
  /** Every process there is: the one that answers, one that is being opened, one that ends. */
  readonly #lives = new Set<EngineChild>();
  #life: EngineChild | undefined;
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
   * Starts the process, opens the model in it and warms it.
   *
   * @throws Error with the reason and the process's last words on standard error, when that fails.
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
    return this.#life !== undefined;
  }

  /** The id of the process that answers, while there is one. */
  get pid(): number | undefined {
    return this.#life?.pid;
  }

  get stats(): EngineStats {
    return { pid: this.pid, alive: this.alive, restarts: { ...this.#restarts }, ...this.#counts };
  }

  async run(photos: readonly PhotoCrop[]): Promise<readonly PhotoInference[]> {
    const life = this.#life;
    const { clock, runTimeoutMs = RUN_TIMEOUT_MS } = this.#options;
    let answer: EngineAnswer;
    const begin = clock.now();
    try {
      if (!life) throw new Error('it is being restarted');
      answer = await life.ask('run', { photos: cropBatch(photos), count: photos.length }, { timeoutMs: runTimeoutMs });
    } catch (cause) {
      if (life?.alive) throw new SwipenetError('engine_failed', 'the engine could not run the batch', { cause });
      // The batch may be back here at once; the process that gave it up must not be the one that gets it.
      if (life) this.#lost(life);
      throw new SwipenetError('engine_failed', 'the engine stopped before it answered', { cause });
    } finally {
      this.#counts.busyMs += clock.now() - begin;
    }
    this.#counts.batches += 1;
    this.#counts.photos += photos.length;
    this.#counts.rssBytes = answer.rssBytes;
    if (answer.rssBytes > (this.#options.maxRssBytes ?? Number.POSITIVE_INFINITY)) void this.#replace();
    return Array.from(answer.likes, (like, index) => ({
      like,
      evidence: answer.evidence.slice(index * EVIDENCE_SIZE, (index + 1) * EVIDENCE_SIZE),
    }));
  }

  async close(): Promise<void> {
    this.#closing.abort(new SwipenetError('shutting_down', 'the server is shutting down'));
    await Promise.all([...this.#lives].map((life) => life.end()));
  }

  /** Starts a process that is to answer from now on. */
  async #start(): Promise<void> {
    this.#adopt(await this.#openLife());
  }

  /** A new process, its model open and warm. */
  async #openLife(): Promise<EngineChild> {
    const { program = PROGRAM, settings, clock, openTimeoutMs = OPEN_TIMEOUT_MS } = this.#options;
    this.#closing.signal.throwIfAborted();
    const environment = deviceEnvironment(settings.device);
    const life: EngineChild = new Child(program, { name: 'engine', clock, environment });
    this.#lives.add(life);
    life.exited.then(() => this.#lives.delete(life));
    try {
      await life.ask('open', settings, { timeoutMs: openTimeoutMs });
      return life;
    } catch (error) {
      life.kill();
      await life.exited;
      throw error;
    }
  }

  #adopt(life: EngineChild): void {
    this.#life = life;
    life.exited.then(() => this.#lost(life));
  }

  /** The process that answers is gone, or is about to be: another is started. */
  #lost(life: EngineChild): void {
    if (this.#life !== life) return;
    this.#life = undefined;
    this.#ready = this.#bury(life);
    this.#ready.catch(() => {});
  }

  async #bury(life: EngineChild): Promise<void> {
    await life.exited;
    this.#closing.signal.throwIfAborted();
    const reason = life.hung ? 'hung' : 'died';
    this.#options.onTrouble?.(new Error(`engine process ${life.pid} ${reason}; restarting it. ${life.lastWords}`));
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

  /** Opens a new process while the old one goes on, then lets it take over: no batch is lost or kept waiting. */
  async #replace(): Promise<void> {
    const { clock, onTrouble } = this.#options;
    const old = this.#life;
    if (!old || this.#replacing || clock.now() < this.#replaceFromMs) return;
    this.#replacing = true;
    try {
      const life = await this.#openLife();
      if (this.#life !== old) return await life.end(); // the old one died meanwhile and has its successor already
      this.#adopt(life);
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
