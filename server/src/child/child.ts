import { type ChildProcess, fork } from 'node:child_process';
import { setImmediate } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import type { Clock } from '../clock.ts';
import { beatMsFor, outOfPatience, type Patience } from './patience.ts';
import { type FromChild, HEARTBEAT_FD, KEEPS_PRIORITY, type Protocol, type ToChild } from './protocol.ts';

/** How to start a child. */
export interface ForkOptions {
  /** The kind of process, for messages: "the NAME process ended". */
  readonly name: string;
  readonly clock: Clock;
  /** Environment variables to add to this process's own. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Flags of Node for the process. */
  readonly nodeFlags?: readonly string[];
  /** Keeps this process's priority. By default, a child has a lower one, so that this process stays responsive. */
  readonly keepsPriority?: boolean;
}

/** How many characters of standard error are kept. */
const LAST_WORDS = 8000;

/** How long a child may take to end before it is killed. */
const END_MS = 5000;

/** The processes that are running. */
const running = new Set<ChildProcess>();

// A child that is stopped or blocked doesn't notice that its parent is gone.
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/**
 * A child process that answers typed questions. Its program calls `serveParent`. It answers one question at a time, in
 * order, and the time for a question starts when the previous one is answered.
 *
 * Native code (ONNX Runtime, libvips) may block the child's event loop for minutes, so a silent loop doesn't mean that
 * the child is dead. Instead, a thread of the child sends a byte whenever the process has used CPU time since the last
 * one. A slow computation uses CPU time and a deadlock doesn't. Code that spins forever looks like a computation. Where
 * that can happen (a GPU driver), a question needs a `timeoutMs` as well.
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

  /** @throws Error if the system refuses to start another process. */
  constructor(program: URL, { name, clock, environment, nodeFlags = [], keepsPriority }: ForkOptions) {
    this.#name = name;
    this.#clock = clock;
    this.#process = fork(program, keepsPriority ? [KEEPS_PRIORITY] : [], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc', 'pipe'],
      execArgv: [...nodeFlags],
      env: { ...process.env, ...environment },
    });
    running.add(this.#process);
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
    // Unlike 'exit', 'close' comes after all of standard error has been read. It also follows a failed start.
    this.#process.on('close', (code, signal) => {
      running.delete(this.#process);
      this.#end ??= `the ${name} process ended (${signal ?? `code ${code}`})`;
      this.#reply.reject(this.#failure(this.#end));
      exited.resolve();
    });
  }

  /** The process's ID, or `undefined` if it couldn't be started. */
  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** False once it has ended, couldn't be started, or was killed because it didn't answer. */
  get alive(): boolean {
    return this.#end === undefined;
  }

  /** True if it was killed because it didn't answer. */
  get hung(): boolean {
    return this.#hung;
  }

  /** The end of its standard error, often a native library's own message. */
  get lastWords(): string {
    return this.#stderr.trim();
  }

  /**
   * Asks one question. A child that exceeds a limit in `patience` is killed.
   *
   * @throws Error with the handler's message, or with how the process ended. The process's last words follow on lines
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

  /** Asks the child to end after the current question, and waits for its end. After 5 seconds it is killed. */
  async end(): Promise<void> {
    // Not `disconnect()`: after it, Node 26 never emits 'close'.
    this.#send('end');
    const ended = new AbortController();
    this.#clock.delay(END_MS, ended.signal).then(
      () => this.kill(),
      () => {},
    );
    await this.exited;
    ended.abort();
  }

  /** Lets the child answer all pending questions, then ends it. */
  async retire(): Promise<void> {
    await this.#previous;
    await this.end();
  }

  /** Kills the child immediately. */
  kill(): void {
    this.#process.kill('SIGKILL');
  }

  /**
   * Stops the child until {@link resume}, wherever it is. Meanwhile it uses no CPU time, which counts as idle. Windows
   * can't do this.
   */
  pause(): void {
    if (process.platform !== 'win32') this.#process.kill('SIGSTOP');
  }

  /** Lets a paused child go on. */
  resume(): void {
    if (process.platform !== 'win32') this.#process.kill('SIGCONT');
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
      await setImmediate(); // by then, what it wrote to standard error has been read
      throw this.#failure(reply.error);
    } finally {
      answered.abort();
      this.#reply = unheard(Promise.withResolvers());
    }
  }

  #send(message: ToChild): void {
    // With a callback, a broken channel doesn't throw. The process's end reports it instead. A process that couldn't be
    // started may have no channel.
    this.#process.send?.(message, () => {});
  }

  #failure(reason: string): Error {
    return new Error([reason, this.lastWords].filter(Boolean).join('\n'));
  }
}

/** Prevents an unhandled rejection when no question is pending. */
function unheard<Value>(waiting: PromiseWithResolvers<Value>): PromiseWithResolvers<Value> {
  waiting.promise.catch(() => {});
  return waiting;
}
