import { Child } from '../../child/child.ts';
import type { Clock } from '../../clock.ts';
import { Home } from '../../home/home.ts';
import type { TasteDatabase } from '../store/database.ts';
import { learnAndKeep } from './learn-and-keep.ts';
import type { LearnerProtocol, LearningAnswer, LearningQuestion } from './learner-process.ts';

/** The part of a child process that the learner uses. Tests pass their own. */
export type LearnerChild = Pick<Child<LearnerProtocol>, 'ask' | 'kill' | 'exited' | 'pause' | 'resume'>;

/** What came of learning. `failed` means that the process broke. */
export type LearningOutcome = Forgetting<LearningAnswer> | { readonly kind: 'failed'; readonly message: string };

type Forgetting<Answer> = Answer extends unknown ? Omit<Answer, 'heldOut'> : never;

/** What a learner needs. */
export interface LearnerOptions {
  /** After how many swipes to learn. */
  readonly every: number;
  /** Returns what to learn. */
  readonly question: () => LearningQuestion;
  /** Returns the database of swipes, open. Throws CommandError, like the store. */
  readonly database: () => TasteDatabase;
  readonly start: () => LearnerChild;
  readonly clock: Pick<Clock, 'delay'>;
  /** Receives the outcome of every run. A running server reloads its model if a version was activated. */
  readonly onOutcome: (outcome: LearningOutcome) => void;
}

const PROGRAM = new URL('./learner-process.ts', import.meta.url);

/** A process that stops computing is stuck. Learning may take as long as it wants, because scoring comes first. */
const PATIENCE = { idleMs: 5 * 60_000 };

/** While photos are being scored without a break, learning gets this much time in each of these spans. */
const BUSY_SHARE = { runMs: 50, ofMs: 3_000 };

/** The next request often follows at once. Learning goes on when none has come for this long. */
const QUIET_MS = 200;

/** Starts the process that learns. Throws Error if the system refuses to start another process. */
export const startLearner = (clock: Clock): Child<LearnerProtocol> =>
  new Child<LearnerProtocol>(PROGRAM, { name: 'learner', clock });

/**
 * Learns a new version after every few swipes, in a process that ends when it has learned. Only one run is in progress at
 * a time. If learning is due again during a run, the next one starts after it. The process is paused while photos are
 * being scored: even at the lowest priority, it would slow them down, because both need the same memory bandwidth.
 */
export class TasteLearner {
  readonly #options: LearnerOptions;
  #child: LearnerChild | undefined;
  #run: Promise<LearningOutcome> | undefined;
  #last: LearningOutcome | undefined;
  #isDue = false;
  #isClosed = false;
  /** Aborts when photos are being scored again. */
  #quiet = new AbortController();
  /** Aborts when learning may go on without a break. Undefined then. */
  #pausing: AbortController | undefined;

  constructor(options: LearnerOptions) {
    this.#options = options;
  }

  /** True while a run is in progress. */
  get isLearning(): boolean {
    return this.#run !== undefined;
  }

  /** What came of the last run, if there was one. */
  get last(): LearningOutcome | undefined {
    return this.#last;
  }

  /** After how many swipes it learns. */
  get every(): number {
    return this.#options.every;
  }

  /**
   * Learns if it is time. Call it after a swipe was added.
   *
   * @param total the number of swipes now. Learning is due at multiples of `every`, so a restart forgets nothing.
   */
  swiped(total: number): void {
    if (this.#isClosed || total === 0 || total % this.#options.every !== 0) return;
    if (this.isLearning) this.#isDue = true;
    else void this.learn();
  }

  /** Learns now, or returns the outcome of the run in progress. Never rejects. */
  learn(): Promise<LearningOutcome> {
    if (this.#isClosed) return Promise.resolve({ kind: 'failed', message: 'the learner is closed' });
    this.#run ??= this.#learn();
    return this.#run;
  }

  /** Says whether photos are being scored. Meanwhile, a run in progress gets only a little time. */
  setBusy(isBusy: boolean): void {
    this.#quiet.abort();
    if (!isBusy) {
      this.#quiet = new AbortController();
      void this.#resumeWhenQuiet(this.#quiet.signal);
    } else if (!this.#pausing) {
      this.#pausing = new AbortController();
      void this.#alternate(this.#pausing.signal);
    }
  }

  /** Ends a run in progress and forgets that another is due. Nothing half-written remains. */
  async cancel(): Promise<void> {
    this.#isDue = false;
    this.#child?.kill();
    await this.#run;
  }

  /** Stops learning. Nothing half-written remains, because a model is published whole or not at all. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#quiet.abort();
    this.#pausing?.abort();
    await this.cancel();
  }

  /** Pauses the process, and lets it go on for a moment now and then, until the signal aborts. */
  async #alternate(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    try {
      for (;;) {
        this.#child?.pause();
        await clock.delay(BUSY_SHARE.ofMs - BUSY_SHARE.runMs, signal);
        this.#child?.resume();
        await clock.delay(BUSY_SHARE.runMs, signal);
      }
    } catch {
      // aborted: photos are no longer being scored
    }
  }

  async #resumeWhenQuiet(signal: AbortSignal): Promise<void> {
    try {
      await this.#options.clock.delay(QUIET_MS, signal);
    } catch {
      return; // aborted: photos are being scored again
    }
    this.#pausing?.abort();
    this.#pausing = undefined;
    this.#child?.resume();
  }

  async #learn(): Promise<LearningOutcome> {
    const outcome = await this.#ask();
    this.#run = undefined;
    if (this.#isClosed) return outcome;
    this.#last = outcome;
    this.#options.onOutcome(outcome);
    if (this.#isDue) {
      this.#isDue = false;
      void this.learn();
    }
    return outcome;
  }

  async #ask(): Promise<LearningOutcome> {
    try {
      const question = this.#options.question();
      const place = { database: this.#options.database(), home: new Home(question.home) };
      const child = this.#options.start();
      this.#child = child;
      if (this.#pausing) child.pause();
      const answer = await learnAndKeep<LearningAnswer>(place, {
        describe: () => child.ask('describe', question, PATIENCE),
        learn: () => child.ask('learn', question, PATIENCE),
      });
      if (answer.kind !== 'learned') return answer;
      const { heldOut: _kept, ...outcome } = answer;
      return outcome;
    } catch (error) {
      return { kind: 'failed', message: (error as Error).message };
    } finally {
      this.#child?.kill(); // its answer is complete, and everything it wrote is on the disk
      await this.#child?.exited;
      this.#child = undefined;
    }
  }
}
