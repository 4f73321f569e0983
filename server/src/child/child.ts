import { type ChildProcess, fork } from 'node:child_process';
import { setImmediate } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import type { Clock } from '../clock.ts';
import { beatMsFor, outOfPatience, type Patience } from './patience.ts';
import { type FromChild, HEARTBEAT_FD, type Protocol, type ToChild } from './protocol.ts';

/** How a child is started. */
export interface ForkOptions {
  /** What the process is, for messages: "the NAME process ended". */
  readonly name: string;
  readonly clock: Clock;
  /** Variables that the child has besides this process's own. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** How much of its standard error is kept. */
const LAST_WORDS = 8000;

/** A child that was told to end is killed after this long. */
const END_MS = 5000;

/**
 * A child process that answers typed questions, from its fork to its end; its program calls `serveParent`. It answers
 * one question at a time, in order, and the time of each counts from when the one before it was answered.
 *
 * Native code (ONNX Runtime, libvips) may block the child's event loop for minutes, so the loop cannot say whether the
 * child is alive. A thread of the child can: it sends a byte whenever the process has used CPU time since the last one.
 * A deadlock uses none, a slow computation does. Code that spins forever looks like a computation, so where that can
 * happen (a GPU driver) a question needs a `timeoutMs` as well.
 */
export class Child<Questions extends Protocol> {
  /** Resolves when the process is gone and its last words have been read. */
  readonly exited: Promise<void>;
  readonly #name: string;
  readonly #clock: Clock;
  readonly #process: ChildProcess;
  #reply = unheard(Promise.withResolvers<FromChild>());
  #previous: Promise<void> = Promise.resolve();
  #stderr = '';
  #beats = 0;
  #end: string | undefined;
  #hung = false;

  /** @throws Error when the system refuses to start another process. */
  constructor(program: URL, { name, clock, environment }: ForkOptions) {
    this.#name = name;
    this.#clock = clock;
    this.#process = fork(program, {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc', 'pipe'],
      execArgv: [],
      env: { ...process.env, ...environment },
    });
    const { stderr, stdio } = this.#process;
    stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = stripVTControlCharacters(this.#stderr + text).slice(-LAST_WORDS);
    });
    stdio?.[HEARTBEAT_FD]?.on('data', () => {
      this.#beats += 1;
    });
    this.#process.on('message', (message: FromChild) => this.#reply.resolve(message));
    this.#process.on('error', (error) => {
      if (this.pid === undefined) this.#end = `the ${name} process could not be started (${error.message})`;
    });
    const exited = Promise.withResolvers<void>();
    this.exited = exited.promise;
    // 'close' and not 'exit': its last words have been read by then. It also follows an error of the start.
    this.#process.on('close', (code, signal) => {
      this.#end ??= `the ${name} process ended (${signal ?? `code ${code}`})`;
      this.#reply.reject(this.#failure(this.#end));
      exited.resolve();
    });
  }

  /** The process's id; `undefined` when it could not be started. */
  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** False once it has ended, could not be started, or was killed because it did not answer. */
  get alive(): boolean {
    return this.#end === undefined;
  }

  /** True once it was killed because it did not answer. */
  get hung(): boolean {
    return this.#hung;
  }

  /** The last that it wrote to standard error: often a native library's own words. */
  get lastWords(): string {
    return this.#stderr.trim();
  }

  /**
   * Asks one question. A child that runs out of patience's limits is killed.
   *
   * @throws Error with the handler's message, or with how the process ended; the process's last words follow on lines
   *   of their own.
   */
  ask<Type extends keyof Questions & string>(
    type: Type,
    question: Questions[Type]['question'],
    patience: Patience,
  ): Promise<Questions[Type]['answer']> {
    const answer = this.#previous.then(() => this.#exchange(type, question, patience));
    this.#previous = answer.then(
      () => {},
      () => {},
    );
    return answer;
  }

  /** Asks it to end after the question that it is at, and waits until it has; one that does not end is killed. */
  async end(): Promise<void> {
    // (After `disconnect()` here, Node 26 never emits 'close'.)
    this.#send('end');
    const ended = new AbortController();
    this.#clock.delay(END_MS, ended.signal).then(
      () => this.kill(),
      () => {},
    );
    await this.exited;
    ended.abort();
  }

  /** Lets it answer all that it was asked, then ends it. */
  async retire(): Promise<void> {
    await this.#previous;
    await this.end();
  }

  /** Ends it at once. */
  kill(): void {
    this.#process.kill('SIGKILL');
  }

  async #exchange(type: string, question: unknown, patience: Patience): Promise<unknown> {
    if (this.#end !== undefined) throw this.#failure(this.#end);
    const answered = new AbortController();
    const hung = outOfPatience(patience, () => this.#beats, this.#clock, answered.signal).then((fault) => {
      this.#hung = true;
      this.#end ??= `the ${this.#name} process ${fault} and was killed`;
      this.kill();
      throw this.#failure(this.#end);
    });
    try {
      this.#send({ type, question, beatMs: beatMsFor(patience) });
      const reply = await Promise.race([this.#reply.promise, hung]);
      if ('answer' in reply) return reply.answer;
      await setImmediate(); // what it wrote to standard error before lies in the pipe and is read by then
      throw this.#failure(reply.error);
    } finally {
      answered.abort();
      this.#reply = unheard(Promise.withResolvers());
    }
  }

  #send(message: ToChild): void {
    // With a callback a broken channel is no exception: it shows itself by the process's end. A process that could not
    // be started may have no channel at all.
    this.#process.send?.(message, () => {});
  }

  #failure(reason: string): Error {
    return new Error([reason, this.lastWords].filter(Boolean).join('\n'));
  }
}

/** Its rejection is no unhandled one when nobody asks anything. */
function unheard<Value>(waiting: PromiseWithResolvers<Value>): PromiseWithResolvers<Value> {
  waiting.promise.catch(() => {});
  return waiting;
}
