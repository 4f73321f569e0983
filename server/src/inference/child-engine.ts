import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import { EVIDENCE_SIDE } from '@swipenet/shared/photo.ts';
import { type ChildEvents, KeptChild } from '../child/kept-child.ts';
import type { Exchange } from '../child/protocol.ts';
import type { Clock } from '../clock.ts';
import { type CropBatch, cropBatch, type PhotoCrop } from '../image/photo-bytes.ts';
import { deviceProcess } from '../runtime/device-process.ts';
import type { Device } from '../runtime/session.ts';
import type { Engine, EngineStats, PhotoInference } from './engine.ts';

/** The model that an engine process opens. */
export interface EngineModel {
  readonly modelPath: string;
  /** The expected SHA-256 of the model file, in hex. The file may have been replaced since its manifest was checked. */
  readonly sha256: string;
  /** The model as the device runs it, in place of the file. */
  readonly bytes?: Uint8Array;
}

/** The model that an engine process opens, and how it runs it. */
export interface EngineSettings extends EngineModel {
  readonly device: Device;
  readonly threads: number;
  /** Off by default. */
  readonly tf32?: boolean;
  /** As in the plan (engine-plan.ts). */
  readonly batchSizes: readonly number[];
  readonly warmSizes: readonly number[];
  /** Returns features as float32, for heads that are computed elsewhere. Otherwise they are rounded to float16. */
  readonly exactFeatures?: boolean;
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
  readonly features: Float16Array | Float32Array;
  /** The process's resident memory. */
  readonly rssBytes: number;
}

/** The requests that an engine process accepts: `open` loads the model and warms it up, then `run` runs batches. */
export type EngineProtocol = {
  readonly open: Exchange<EngineSettings, void>;
  readonly run: Exchange<EngineBatch, EngineAnswer>;
};

/** How to run and monitor an engine process. */
export interface ChildEngineOptions extends ChildEvents {
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
  /** The program to run. Tests pass programs that speak the same protocol but misbehave. */
  readonly program?: URL;
}

const PROGRAM = new URL('./engine-process.ts', import.meta.url);
const EVIDENCE_SIZE = EVIDENCE_SIDE ** 2;
const RUN_TIMEOUT_MS = 8000;
const OPEN_TIMEOUT_MS = 120_000;

/**
 * Runs an engine in a child process. If the process dies, its batch is rejected with `engine_failed` and the process is
 * restarted. A process that exceeds its memory limit keeps working until its replacement is warm. The replacement takes
 * over between two batches.
 */
export class ChildEngine implements Engine {
  readonly #options: ChildEngineOptions;
  readonly #process: KeptChild<EngineProtocol>;
  #counts = { batches: 0, photos: 0, busyMs: 0, rssBytes: 0 };

  private constructor(options: ChildEngineOptions, process: KeptChild<EngineProtocol>) {
    this.#options = options;
    this.#process = process;
  }

  /**
   * Starts the process, loads the model and warms it up.
   *
   * @throws Error with the reason and the end of the process's standard error.
   */
  static async open(options: ChildEngineOptions): Promise<ChildEngine> {
    const { program = PROGRAM, settings, clock, openTimeoutMs: timeoutMs = OPEN_TIMEOUT_MS } = options;
    const { onTrouble, onRestart } = options;
    const process = await KeptChild.open<EngineProtocol>({
      name: 'engine',
      program,
      clock,
      ...deviceProcess(settings.device, settings.tf32),
      prepare: (child) => child.ask('open', settings, { timeoutMs }),
      ...(onTrouble && { onTrouble }),
      ...(onRestart && { onRestart }),
    });
    return new ChildEngine(options, process);
  }

  ready(): Promise<void> {
    return this.#process.ready();
  }

  get alive(): boolean {
    return this.#process.current !== undefined;
  }

  /** The ID of the current process, if there is one. */
  get pid(): number | undefined {
    return this.#process.current?.pid;
  }

  get stats(): EngineStats {
    return { pid: this.pid, alive: this.alive, restarts: this.#process.restarts, ...this.#counts };
  }

  async run(photos: readonly PhotoCrop[]): Promise<readonly PhotoInference[]> {
    const child = this.#process.current;
    const { clock, runTimeoutMs = RUN_TIMEOUT_MS } = this.#options;
    let answer: EngineAnswer;
    const begin = clock.now();
    try {
      if (!child) throw new Error('the engine is restarting');
      answer = await child.ask('run', { photos: cropBatch(photos), count: photos.length }, { timeoutMs: runTimeoutMs });
    } catch (cause) {
      if (child?.alive) throw new SwipenetError('engine_failed', 'the engine couldn’t run the batch', { cause });
      // The batch may be retried right away, and it must not go to the same process.
      if (child) this.#process.giveUp(child);
      throw new SwipenetError('engine_failed', 'the engine stopped before it returned a result', { cause });
    } finally {
      this.#counts.busyMs += clock.now() - begin;
    }
    this.#counts.batches += 1;
    this.#counts.photos += photos.length;
    this.#counts.rssBytes = answer.rssBytes;
    if (answer.rssBytes > (this.#options.maxRssBytes ?? Number.POSITIVE_INFINITY)) void this.#process.recycle();
    const featureCount = answer.features.length / photos.length;
    return Array.from(answer.likes, (like, index) => ({
      like,
      evidence: answer.evidence.slice(index * EVIDENCE_SIZE, (index + 1) * EVIDENCE_SIZE),
      features: answer.features.slice(index * featureCount, (index + 1) * featureCount),
    }));
  }

  close(): Promise<void> {
    return this.#process.end(new SwipenetError('shutting_down', 'the server is shutting down'));
  }
}
