import { type ChildProcess, fork } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';
import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import { EVIDENCE_SIDE } from '@swipenet/shared/photo.ts';
import { CROP_BYTES } from '../image/preprocess.ts';
import type { Clock } from './clock.ts';
import type { Engine, PhotoInference } from './engine.ts';
import type { EngineSettings, FromEngine, ToEngine } from './engine-messages.ts';

/** How an engine process is run and watched. */
export interface ChildEngineOptions {
  readonly settings: EngineSettings;
  readonly clock: Clock;
  /** A batch that takes longer is given up and its process killed. */
  readonly runTimeoutMs?: number;
  /** Opening and warming that takes longer is given up. */
  readonly openTimeoutMs?: number;
  /** Told of every unexpected death and failed restart. */
  readonly onTrouble?: (error: Error) => void;
  /** Told when it can take batches again after its process died, with the new process's id. */
  readonly onRestart?: (pid: number | undefined) => void;
  /** The program of the process; tests bring others that speak the same messages and misbehave. */
  readonly program?: URL;
}

const PROGRAM = new URL('./engine-process.ts', import.meta.url);
const EVIDENCE_SIZE = EVIDENCE_SIDE ** 2;
const STDERR_CHARACTERS = 4000;
const MAX_RESTART_DELAY_MS = 30_000;

/** One life of the process: from its fork to its exit. */
interface Life {
  readonly child: ChildProcess;
  /** The last that it wrote to standard error: ONNX Runtime's own words. */
  stderr: string;
  /** Resolves with the next message; rejects when the process ends first. */
  reply: PromiseWithResolvers<FromEngine>;
  readonly exited: Promise<void>;
}

/**
 * An engine in a child process. When the process dies, what it held is rejected with `engine_failed` and it is started
 * again at once; a start that fails is tried again after 1, 2, 4, … 30 seconds.
 */
export class ChildEngine implements Engine {
  readonly #options: ChildEngineOptions;
  readonly #closing = new AbortController();
  #life: Life | undefined;
  #alive = false;
  #ready: Promise<void>;

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
    return this.#alive;
  }

  /** The process's id while there is one. */
  get pid(): number | undefined {
    return this.#life?.child.pid;
  }

  async run(photos: readonly Uint8Array[]): Promise<readonly PhotoInference[]> {
    const life = this.#life;
    const batch = new Uint8Array(photos.length * CROP_BYTES);
    for (const [index, photo] of photos.entries()) batch.set(photo, index * CROP_BYTES);

    let message: FromEngine;
    try {
      if (!this.#alive || !life) throw new Error('it is being restarted');
      message = await this.#ask(
        life,
        { type: 'run', photos: batch, count: photos.length },
        this.#options.runTimeoutMs ?? 30_000,
      );
    } catch (cause) {
      throw new SwipenetError('engine_failed', 'the engine stopped before it answered', { cause });
    }
    if (message.type !== 'answer') {
      const cause = new Error(message.type === 'run_failed' ? message.message : `unexpected ${message.type}`);
      throw new SwipenetError('engine_failed', 'the engine could not run the batch', { cause });
    }
    return Array.from(message.likes, (like, index) => ({
      like,
      evidence: message.evidence.slice(index * EVIDENCE_SIZE, (index + 1) * EVIDENCE_SIZE),
    }));
  }

  async close(): Promise<void> {
    this.#closing.abort(new SwipenetError('shutting_down', 'the server is shutting down'));
    const life = this.#life;
    if (!life) return;
    // It ends itself, after a batch that runs. (After `disconnect()` here, Node 26 never emits 'close'.)
    life.child.send({ type: 'close' } satisfies ToEngine, () => {});
    const timeout = new AbortController();
    const kill = () => life.child.kill('SIGKILL');
    this.#options.clock.delay(5000, timeout.signal).then(kill, () => {});
    await life.exited;
    timeout.abort();
  }

  /** Sends one message and waits for its reply; a process that does not reply in time is killed. */
  async #ask(life: Life, message: ToEngine, timeoutMs: number): Promise<FromEngine> {
    const answered = new AbortController();
    const watchdog = this.#options.clock.delay(timeoutMs, answered.signal).then(
      () => {
        life.child.kill('SIGKILL');
        throw new Error(`no reply within ${timeoutMs} ms`);
      },
      () => new Promise<never>(() => {}), // answered first
    );
    life.child.send(message, () => {}); // a broken channel shows itself by the process's exit
    try {
      return await Promise.race([life.reply.promise, watchdog]);
    } finally {
      answered.abort();
      life.reply = Promise.withResolvers();
      life.reply.promise.catch(() => {});
    }
  }

  async #start(): Promise<void> {
    const { settings, openTimeoutMs = 120_000 } = this.#options;
    const life = this.#fork();
    this.#life = life;
    const message = await this.#ask(life, { type: 'open', settings }, openTimeoutMs).catch((error: Error) => ({
      type: 'open_failed' as const,
      message: error.message,
    }));
    if (message.type === 'ready') {
      this.#alive = true;
      life.exited.then(() => this.#died(life));
      return;
    }
    life.child.kill('SIGKILL');
    await life.exited;
    this.#life = undefined;
    const reason = message.type === 'open_failed' ? message.message : `unexpected ${message.type}`;
    throw new Error([reason, life.stderr.trim()].filter(Boolean).join('\n'));
  }

  #fork(): Life {
    const { program = PROGRAM, settings } = this.#options;
    const child = fork(program, {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      execArgv: [],
      // TF32 would make a GPU's answers differ from a CPU's in the third digit.
      env: settings.device === 'cpu' ? process.env : { ...process.env, NVIDIA_TF32_OVERRIDE: '0' },
    });
    const exited = Promise.withResolvers<void>();
    const life: Life = { child, stderr: '', reply: Promise.withResolvers(), exited: exited.promise };
    life.reply.promise.catch(() => {}); // also when nobody asks any more
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      life.stderr = stripVTControlCharacters(life.stderr + text).slice(-STDERR_CHARACTERS);
    });
    child.on('message', (message: FromEngine) => life.reply.resolve(message));
    child.on('error', (error) => life.reply.reject(error));
    // 'close' and not 'exit': its last words have been read by then.
    child.on('close', (code, signal) => {
      const words = life.stderr.trim();
      life.reply.reject(new Error(`the engine process ended (${signal ?? `code ${code}`})${words && `: ${words}`}`));
      exited.resolve();
    });
    return life;
  }

  #died(life: Life): void {
    this.#life = undefined;
    this.#alive = false;
    if (this.#closing.signal.aborted) {
      this.#ready = Promise.reject(this.#closing.signal.reason);
    } else {
      this.#options.onTrouble?.(
        new Error(`engine process ${life.child.pid} died; restarting it. ${life.stderr.trim()}`),
      );
      this.#ready = this.#restart();
    }
    this.#ready.catch(() => {});
  }

  async #restart(): Promise<void> {
    for (let delayMs = 1000; ; delayMs = Math.min(2 * delayMs, MAX_RESTART_DELAY_MS)) {
      try {
        this.#closing.signal.throwIfAborted();
        await this.#start();
        return this.#options.onRestart?.(this.pid);
      } catch (error) {
        this.#closing.signal.throwIfAborted();
        this.#options.onTrouble?.(error as Error);
        await this.#options.clock.delay(delayMs, this.#closing.signal).catch(() => {});
      }
    }
  }
}
