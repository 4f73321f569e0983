import { Child, type ForkOptions } from './child.ts';
import type { Protocol } from './protocol.ts';

/** Why there is a new process: the old one died, was killed because it took too long, or used too much memory. */
export type RestartReason = 'died' | 'hung' | 'recycled';

/** A restart: a new process has taken over. */
export interface ChildRestart {
  readonly reason: RestartReason;
  /** The new process's ID. */
  readonly pid: number | undefined;
  /** How many times there has been a new process, for any reason. */
  readonly restarts: number;
}

/** Callbacks for metrics and logs. */
export interface ChildEvents {
  /** Called after each unexpected exit, failed restart or failed replacement. */
  readonly onTrouble?: (error: Error) => void;
  /** Called when a new process has taken over. */
  readonly onRestart?: (restart: ChildRestart) => void;
}

/** What to run, and how to make a new process ready. */
export interface KeptChildOptions<Questions extends Protocol> extends ChildEvents, ForkOptions {
  readonly program: URL;
  /** Asks a new process what it must have answered before it gets any other question. */
  readonly prepare: (child: Child<Questions>) => Promise<void>;
}

const MAX_RESTART_DELAY_MS = 30_000;

/**
 * A child process that is there again after it has died. It is restarted immediately. Failed restarts are retried after
 * 1, 2, 4, … up to 30 seconds.
 */
export class KeptChild<Questions extends Protocol> {
  readonly #options: KeptChildOptions<Questions>;
  readonly #closing = new AbortController();
  /** Every process: the current one, those that are starting and those that are ending. */
  readonly #children = new Set<Child<Questions>>();
  #current: Child<Questions> | undefined;
  #ready: Promise<void>;
  #replacing = false;
  #replaceFromMs = 0;
  #restarts: Record<RestartReason, number> = { died: 0, hung: 0, recycled: 0 };

  private constructor(options: KeptChildOptions<Questions>) {
    this.#options = options;
    this.#ready = this.#start();
  }

  /**
   * Starts the process and prepares it.
   *
   * @throws Error with the reason and the end of the process's standard error.
   */
  static async open<Questions extends Protocol>(options: KeptChildOptions<Questions>): Promise<KeptChild<Questions>> {
    const kept = new KeptChild(options);
    try {
      await kept.#ready;
    } catch (error) {
      await kept.end(error);
      throw error;
    }
    return kept;
  }

  /** The process that answers now, if one is prepared. */
  get current(): Child<Questions> | undefined {
    return this.#current;
  }

  /** How many times there has been a new process, by reason. */
  get restarts(): Readonly<Record<RestartReason, number>> {
    return { ...this.#restarts };
  }

  /** Resolves when a process is prepared. Rejects with the reason once this has ended. */
  ready(): Promise<void> {
    return this.#ready;
  }

  /**
   * Kills a process and starts another. Nothing happens to one that was given up before.
   *
   * @param reason by default, whether the process died or was killed because it didn't answer.
   */
  giveUp(child: Child<Questions>, reason?: RestartReason): void {
    if (this.#current !== child) return;
    this.#current = undefined;
    child.kill();
    this.#ready = this.#replaceDead(child, reason);
    this.#ready.catch(() => {});
  }

  /**
   * Starts a process while the current one keeps working, then switches to it. No question is lost or delayed. If that
   * fails, the current one stays, and the next 30 seconds nothing is tried.
   */
  async recycle(): Promise<void> {
    const { clock, onTrouble } = this.#options;
    const old = this.#current;
    if (!old || this.#replacing || clock.now() < this.#replaceFromMs) return;
    this.#replacing = true;
    try {
      const child = await this.#prepared();
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

  /** Ends the process after its current question, and starts no other. */
  async end(reason: unknown): Promise<void> {
    this.#closing.abort(reason);
    await Promise.all([...this.#children].map((child) => child.end()));
  }

  /** Ends the process immediately, whatever it is doing, and starts no other. */
  async kill(reason: unknown): Promise<void> {
    this.#closing.abort(reason);
    this.#current = undefined;
    this.#ready = Promise.reject(reason);
    this.#ready.catch(() => {});
    for (const child of this.#children) child.kill();
    await Promise.all([...this.#children].map((child) => child.exited));
  }

  async #start(): Promise<void> {
    this.#adopt(await this.#prepared());
  }

  async #prepared(): Promise<Child<Questions>> {
    const { program, prepare } = this.#options;
    this.#closing.signal.throwIfAborted();
    const child = new Child<Questions>(program, this.#options);
    this.#children.add(child);
    void child.exited.then(() => this.#children.delete(child));
    try {
      await prepare(child);
      return child;
    } catch (error) {
      child.kill();
      await child.exited;
      throw error;
    }
  }

  #adopt(child: Child<Questions>): void {
    this.#current = child;
    void child.exited.then(() => this.giveUp(child));
  }

  async #replaceDead(child: Child<Questions>, why: RestartReason | undefined): Promise<void> {
    await child.exited;
    this.#closing.signal.throwIfAborted();
    const reason = why ?? (child.hung ? 'hung' : 'died');
    const { name, onTrouble } = this.#options;
    onTrouble?.(new Error(`${name} process ${child.pid} ${reason}; restarting it. ${child.lastWords}`));
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
    this.#options.onRestart?.({ reason, pid: this.#current?.pid, restarts: died + hung + recycled });
  }
}
