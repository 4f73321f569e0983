import { type ChildProcess, fork } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';
import type { Clock } from '../clock.ts';
import type { EngineSettings, FromEngine, ToEngine } from './engine-messages.ts';

const STDERR_CHARACTERS = 4000;

/** A process that was told to end is killed after this long. */
const END_MS = 5000;

/** One life of an engine's process, from its fork to its exit. Messages go one at a time: each waits for its reply. */
export class EngineLife {
  /** Resolves when the process is gone. */
  readonly exited: Promise<void>;
  readonly #child: ChildProcess;
  readonly #clock: Clock;
  #reply: PromiseWithResolvers<FromEngine> = Promise.withResolvers();
  #asking: Promise<unknown> = Promise.resolve();
  #stderr = '';
  #hung = false;

  constructor(program: URL, settings: EngineSettings, clock: Clock) {
    this.#clock = clock;
    this.#child = fork(program, {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      execArgv: [],
      // TF32 would make a GPU's answers differ from a CPU's in the third digit.
      env: settings.device === 'cpu' ? process.env : { ...process.env, NVIDIA_TF32_OVERRIDE: '0' },
    });
    const exited = Promise.withResolvers<void>();
    this.exited = exited.promise;
    this.#reply.promise.catch(() => {}); // also when nobody asks any more
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = stripVTControlCharacters(this.#stderr + text).slice(-STDERR_CHARACTERS);
    });
    this.#child.on('message', (message: FromEngine) => this.#reply.resolve(message));
    this.#child.on('error', (error) => this.#reply.reject(error));
    // 'close' and not 'exit': its last words have been read by then.
    this.#child.on('close', (code, signal) => {
      const words = this.lastWords && `: ${this.lastWords}`;
      this.#reply.reject(new Error(`the engine process ended (${signal ?? `code ${code}`})${words}`));
      exited.resolve();
    });
  }

  /** The process's id. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** True once it was killed because it did not reply in time. */
  get hung(): boolean {
    return this.#hung;
  }

  /** The last that it wrote to standard error: ONNX Runtime's own words. */
  get lastWords(): string {
    return this.#stderr.trim();
  }

  /**
   * Sends one message and waits for its reply; a process that does not reply in time is killed.
   *
   * @throws Error when the process ends first or was killed for its silence.
   */
  ask(message: ToEngine, timeoutMs: number): Promise<FromEngine> {
    const asking = this.#ask(message, timeoutMs);
    this.#asking = asking.catch(() => {});
    return asking;
  }

  /** Tells it to end and waits until it has; one that does not is killed. */
  async end(): Promise<void> {
    // It ends itself, after a batch that runs. (After `disconnect()` here, Node 26 never emits 'close'.)
    this.#child.send({ type: 'close' } satisfies ToEngine, () => {});
    const ended = new AbortController();
    this.#clock.delay(END_MS, ended.signal).then(
      () => this.kill(),
      () => {},
    );
    await this.exited;
    ended.abort();
  }

  /** Lets it answer what it was asked, then ends it. */
  async retire(): Promise<void> {
    await this.#asking;
    await this.end();
  }

  /** Ends it at once. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }

  async #ask(message: ToEngine, timeoutMs: number): Promise<FromEngine> {
    const answered = new AbortController();
    const watchdog = this.#clock.delay(timeoutMs, answered.signal).then(
      () => {
        this.#hung = true;
        this.kill();
        throw new Error(`no reply within ${timeoutMs} ms`);
      },
      () => new Promise<never>(() => {}), // answered first
    );
    this.#child.send(message, () => {}); // a broken channel shows itself by the process's exit
    try {
      return await Promise.race([this.#reply.promise, watchdog]);
    } finally {
      answered.abort();
      this.#reply = Promise.withResolvers();
      this.#reply.promise.catch(() => {});
    }
  }
}
