import type { EvaluationSubject, StudioEvaluation } from '@swipenet/shared/contract/studio/evaluations.ts';
import { Child } from '../../child/child.ts';
import type { Clock } from '../../clock.ts';
import type { EvaluatorQuestion } from './evaluator.ts';
import type { EvaluatorProtocol } from './evaluator-process.ts';

/** The part of a child process that evaluates. Tests pass their own. */
export type EvaluatorChild = Pick<Child<EvaluatorProtocol>, 'ask' | 'kill' | 'exited'>;

export interface EvaluationQueueOptions {
  /** Starts a process that evaluates. Throws Error if the system refuses to. */
  readonly startEvaluator: () => EvaluatorChild;
  /** The threads that an evaluation may compute with. */
  readonly threads: number;
  /** Called whenever the state of an evaluation changes. */
  readonly onChange: () => void;
}

/** An evaluation that isn't done. */
interface Waiting {
  readonly subject: EvaluationSubject;
  state: Pick<StudioEvaluation, 'state' | 'scored' | 'photos' | 'message'>;
}

/** How many photos to score between two looks at the progress. */
const AT_ONCE = 16;

/** A process that stops computing is stuck. At its priority, it may have to wait for a while. */
const PATIENCE = { idleMs: 5 * 60_000 };

const PROGRAM = new URL('./evaluator-process.ts', import.meta.url);

/** Starts the process that evaluates. Throws Error if the system refuses to start another process. */
export const startEvaluator = (clock: Clock): EvaluatorChild =>
  new Child<EvaluatorProtocol>(PROGRAM, { name: 'evaluation', clock });

/** Evaluates one after the other, each in a process that ends with it. */
export class EvaluationQueue {
  readonly #options: EvaluationQueueOptions;
  readonly #waiting = new Map<string, Waiting>();
  #last: Promise<void> = Promise.resolve();
  #running: { readonly id: string; readonly child: EvaluatorChild } | undefined;
  #isClosed = false;

  constructor(options: EvaluationQueueOptions) {
    this.#options = options;
  }

  /** Returns true if an evaluation is waiting or running. */
  has(id: string): boolean {
    return ['waiting', 'running'].includes(this.#waiting.get(id)?.state.state ?? '');
  }

  /** Returns an evaluation that is waiting, running, or has failed. */
  get(id: string): Readonly<Waiting> | undefined {
    return this.#waiting.get(id);
  }

  /** Adds an evaluation. `own` is its folder. */
  add(id: string, question: Omit<EvaluatorQuestion, 'threads'>, own: string): void {
    const one: Waiting = {
      subject: question.subject,
      state: { state: 'waiting', scored: 0, photos: 0, message: null },
    };
    this.#waiting.set(id, one);
    this.#options.onChange();
    this.#last = this.#last.then(async () => {
      if (this.#isClosed || this.#waiting.get(id) !== one) return; // it was removed
      try {
        await this.#run(id, one, question, own);
        this.#forget(id, one);
      } catch (error) {
        const [message = ''] = (error as Error).message.split('\n');
        one.state = { ...one.state, state: 'failed', message };
      }
      this.#options.onChange();
    });
  }

  /** Forgets an evaluation, and ends it if it is running. */
  async remove(id: string): Promise<void> {
    this.#waiting.delete(id);
    const child = this.#running?.id === id ? this.#running.child : undefined;
    child?.kill();
    await child?.exited;
  }

  /** Ends the evaluation in progress, and starts no other. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#running?.child.kill();
    await this.#last;
  }

  #forget(id: string, one: Waiting): void {
    if (this.#waiting.get(id) === one) this.#waiting.delete(id);
  }

  async #run(id: string, one: Waiting, question: Omit<EvaluatorQuestion, 'threads'>, own: string): Promise<void> {
    const { startEvaluator: start, threads, onChange } = this.#options;
    const child = start();
    this.#running = { id, child };
    try {
      const photos = await child.ask('open', { ...question, threads }, PATIENCE);
      for (let scored = 0; scored < photos; ) {
        one.state = { state: 'running', scored, photos, message: null };
        onChange();
        scored = await child.ask('score', AT_ONCE, PATIENCE);
      }
      await child.ask('save', own, PATIENCE);
    } finally {
      this.#running = undefined;
      child.kill();
      await child.exited;
    }
  }
}
