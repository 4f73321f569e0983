import { type ChildProcess, fork } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';
import { CommandError } from '../../command-error.ts';
import type { StepAnswer, StepInput, TrainingEngine, TrainingEngineOptions, TrainingState } from './training-engine.ts';
import type { FromTraining, ToTraining, Usage } from './training-messages.ts';

const PROGRAM = new URL('./training-process.ts', import.meta.url);
const STDERR_CHARACTERS = 4000;

/** A training engine in a child process, which dies with it: a run goes on from its last checkpoint, not from here. */
export class ChildTrainingEngine implements TrainingEngine {
  readonly #child: ChildProcess;
  readonly #exited: Promise<void>;
  /** Who waits for an answer; the process answers in the order in which it was asked. */
  readonly #waiting: PromiseWithResolvers<FromTraining>[] = [];
  #ended: Error | undefined;

  private constructor(program: URL) {
    this.#child = fork(program, {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      execArgv: [],
    });
    let words = '';
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      words = stripVTControlCharacters(words + text).slice(-STDERR_CHARACTERS);
    });
    this.#child.on('message', (message: FromTraining) => this.#waiting.shift()?.resolve(message));
    const exited = Promise.withResolvers<void>();
    this.#exited = exited.promise;
    // 'close' and not 'exit': its last words have been read by then.
    this.#child.on('close', (code, signal) => {
      const last = words.trim();
      this.#ended = new Error(`the training process ended (${signal ?? `code ${code}`})${last && `: ${last}`}`);
      for (const { reject } of this.#waiting.splice(0)) reject(this.#ended);
      exited.resolve();
    });
  }

  /**
   * Starts the process and opens the models in it.
   *
   * @param program tests bring another that speaks the same messages.
   * @throws CommandError `training_failed` with the process's last words.
   */
  static async open(
    options: TrainingEngineOptions,
    state: TrainingState,
    program = PROGRAM,
  ): Promise<ChildTrainingEngine> {
    const engine = new ChildTrainingEngine(program);
    try {
      await engine.#ask({ type: 'open', options, state }, 'ready');
      return engine;
    } catch (error) {
      await engine.close();
      throw error;
    }
  }

  async step(inputs: readonly StepInput[]): Promise<readonly StepAnswer[]> {
    return (await this.#ask({ type: 'step', inputs }, 'stepped')).answers;
  }

  async evaluate(photos: Float32Array): Promise<Float32Array> {
    return (await this.#ask({ type: 'evaluate', photos }, 'evaluated')).logits;
  }

  async state(): Promise<TrainingState> {
    return (await this.#ask({ type: 'state' }, 'state')).state;
  }

  async load(state: TrainingState): Promise<void> {
    await this.#ask({ type: 'load', state }, 'loaded');
  }

  /** What the process has taken of the machine; answered between two steps. */
  async usage(): Promise<Usage> {
    return (await this.#ask({ type: 'usage' }, 'usage')).usage;
  }

  /** Closes the sessions in the process, so that their profile is written, and then the process. */
  async closeSessions(): Promise<void> {
    await this.#ask({ type: 'close' }, 'closed');
    await this.close();
  }

  async close(): Promise<void> {
    this.#child.kill('SIGKILL'); // it holds nothing that is not here or in a checkpoint
    await this.#exited;
  }

  async #ask<Type extends FromTraining['type']>(
    message: ToTraining,
    expected: Type,
  ): Promise<Extract<FromTraining, { type: Type }>> {
    const waiting = Promise.withResolvers<FromTraining>();
    try {
      if (this.#ended) throw this.#ended;
      this.#waiting.push(waiting);
      this.#child.send(message, () => {}); // a broken channel shows itself by the process's end
      const answer = await waiting.promise;
      if (answer.type === expected) return answer as Extract<FromTraining, { type: Type }>;
      throw new Error(answer.type === 'failed' ? answer.message : `unexpected ${answer.type}`);
    } catch (cause) {
      throw new CommandError('training_failed', (cause as Error).message, { cause });
    }
  }
}
