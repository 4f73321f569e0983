import { Child } from '../../child/child.ts';
import type { Patience } from '../../child/patience.ts';
import type { Exchange } from '../../child/protocol.ts';
import { type Clock, systemClock } from '../../clock.ts';
import { CommandError } from '../../command-error.ts';
import { deviceProcess } from '../../runtime/device-process.ts';
import type { Device } from '../../runtime/session.ts';
import type { StepAnswer, StepInput, TrainingEngine, TrainingEngineOptions, TrainingState } from './training-engine.ts';

/** Resources that the training process has used so far. */
export interface Usage {
  /** CPU time of all cores, in microseconds. */
  readonly cpuMicroseconds: number;
  /** Resident memory, in bytes. */
  readonly memoryBytes: number;
}

/** The requests that the training process accepts. `close` closes its sessions, which writes their profile. */
export type TrainingProtocol = {
  readonly open: Exchange<{ readonly options: TrainingEngineOptions; readonly state: TrainingState }, void>;
  readonly step: Exchange<readonly StepInput[], readonly StepAnswer[]>;
  readonly evaluate: Exchange<Uint8Array, Float32Array>;
  readonly state: Exchange<undefined, TrainingState>;
  readonly load: Exchange<TrainingState, void>;
  readonly usage: Exchange<undefined, Usage>;
  readonly close: Exchange<undefined, void>;
};

const PROGRAM = new URL('./training-process.ts', import.meta.url);

/** A step may take minutes on a slow core, but it uses the CPU all the time. */
const IDLE_MS = 120_000;

/** No step takes a GPU this long. A GPU that has fallen off the bus makes its driver spin forever. */
const CUDA_TIMEOUT_MS = 30 * 60_000;

/** How long the process may take to answer on a device. */
const patienceOn = (device: Device): Patience => ({
  idleMs: IDLE_MS,
  timeoutMs: device === 'cpu' ? undefined : CUDA_TIMEOUT_MS,
});

/**
 * A training engine in a child process. If the process dies, so does the engine, and the run resumes at its last
 * checkpoint.
 */
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
   * @param program the program to run. Tests pass one that speaks the same protocol.
   * @throws CommandError `training_failed` with the process's last output.
   */
  static async open(
    options: TrainingEngineOptions,
    state: TrainingState,
    clock: Clock = systemClock,
    program: URL = PROGRAM,
  ): Promise<ChildTrainingEngine> {
    const { device, tf32 } = options;
    const child = new Child<TrainingProtocol>(program, {
      name: 'training',
      clock,
      ...deviceProcess(device, tf32),
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

  evaluate(photos: Uint8Array): Promise<Float32Array> {
    return this.#ask('evaluate', photos);
  }

  state(): Promise<TrainingState> {
    return this.#ask('state', undefined);
  }

  load(state: TrainingState): Promise<void> {
    return this.#ask('load', state);
  }

  /** The process's resource usage. It arrives between two steps. */
  usage(): Promise<Usage> {
    return this.#ask('usage', undefined);
  }

  /** Closes the sessions, which writes their profile, and then the process. */
  async closeSessions(): Promise<void> {
    await this.#ask('close', undefined);
    await this.close();
  }

  async close(): Promise<void> {
    this.#child.kill(); // it has no state that isn't here or in a checkpoint
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
