import { Child } from '../../child/child.ts';
import type { Patience } from '../../child/patience.ts';
import type { Exchange } from '../../child/protocol.ts';
import { type Clock, systemClock } from '../../clock.ts';
import { CommandError } from '../../command-error.ts';
import { deviceEnvironment } from '../../runtime/device-environment.ts';
import type { Device } from '../../runtime/session.ts';
import type { StepAnswer, StepInput, TrainingEngine, TrainingEngineOptions, TrainingState } from './training-engine.ts';

/** What the training process has taken of the machine so far. */
export interface Usage {
  /** Microseconds of all cores together. */
  readonly cpuMicroseconds: number;
  /** Bytes in memory. */
  readonly memoryBytes: number;
}

/** What the training process can be asked. Closing its sessions writes their profile. */
export type TrainingProtocol = {
  readonly open: Exchange<{ readonly options: TrainingEngineOptions; readonly state: TrainingState }, void>;
  readonly step: Exchange<readonly StepInput[], readonly StepAnswer[]>;
  readonly evaluate: Exchange<Float32Array, Float32Array>;
  readonly state: Exchange<undefined, TrainingState>;
  readonly load: Exchange<TrainingState, void>;
  readonly usage: Exchange<undefined, Usage>;
  readonly close: Exchange<undefined, void>;
};

const PROGRAM = new URL('./training-process.ts', import.meta.url);

/** A step may take minutes on a slow core, which computes all the while. */
const IDLE_MS = 120_000;

/** No GPU takes this long for anything; one that fell off its bus makes its driver spin forever. */
const CUDA_TIMEOUT_MS = 30 * 60_000;

/** How long the process may take for an answer on a device. */
const patienceOn = (device: Device): Patience => ({
  idleMs: IDLE_MS,
  timeoutMs: device === 'cpu' ? undefined : CUDA_TIMEOUT_MS,
});

/** A training engine in a child process, which dies with it: a run goes on from its last checkpoint, not from here. */
export class ChildTrainingEngine implements TrainingEngine {
  readonly #child: Child<TrainingProtocol>;
  readonly #patience: Patience;

  private constructor(child: Child<TrainingProtocol>, device: Device) {
    this.#child = child;
    this.#patience = patienceOn(device);
  }

  /**
   * Starts the process and opens the models in it.
   *
   * @param program tests bring another that answers the same questions.
   * @throws CommandError `training_failed` with the process's last words.
   */
  static async open(
    options: TrainingEngineOptions,
    state: TrainingState,
    clock: Clock = systemClock,
    program: URL = PROGRAM,
  ): Promise<ChildTrainingEngine> {
    const { device } = options;
    const child = new Child<TrainingProtocol>(program, {
      name: 'training',
      clock,
      environment: deviceEnvironment(device),
    });
    const engine = new ChildTrainingEngine(child, device);
    try {
      await engine.#ask('open', { options, state });
      return engine;
    } catch (error) {
      await engine.close();
      throw error;
    }
  }

  step(inputs: readonly StepInput[]): Promise<readonly StepAnswer[]> {
    return this.#ask('step', inputs);
  }

  evaluate(photos: Float32Array): Promise<Float32Array> {
    return this.#ask('evaluate', photos);
  }

  state(): Promise<TrainingState> {
    return this.#ask('state', undefined);
  }

  load(state: TrainingState): Promise<void> {
    return this.#ask('load', state);
  }

  /** What the process has taken of the machine; answered between two steps. */
  usage(): Promise<Usage> {
    return this.#ask('usage', undefined);
  }

  /** Closes the sessions in the process, so that their profile is written, and then the process. */
  async closeSessions(): Promise<void> {
    await this.#ask('close', undefined);
    await this.close();
  }

  async close(): Promise<void> {
    this.#child.kill(); // it holds nothing that is not here or in a checkpoint
    await this.#child.exited;
  }

  async #ask<Type extends keyof TrainingProtocol>(
    type: Type,
    question: TrainingProtocol[Type]['question'],
  ): Promise<TrainingProtocol[Type]['answer']> {
    try {
      return await this.#child.ask(type, question, this.#patience);
    } catch (cause) {
      throw new CommandError('training_failed', (cause as Error).message, { cause });
    }
  }
}
