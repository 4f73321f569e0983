import { type Device, openSession, type Session, type Tensor } from '../../runtime/session.ts';
import { dataTensors, type StepData, stacked } from './data-tensors.ts';
import { Evaluation } from './evaluation.ts';
import { type Rows, rowTensor, type StateLayout } from './state-layout.ts';
import { buildTrainingModel, type MaskShapes, planTraining, type TrainingGraphOptions } from './training-graph.ts';

/** The state that training changes: parameters and their momenta. */
export interface TrainingState {
  readonly parameters: Rows;
  readonly momenta: Rows;
}

/** The input of one training step. */
export interface StepInput extends StepData {
  readonly learningRate: number;
}

/** The result of one step, computed before its update. */
export interface StepAnswer {
  /** The loss of each classifier, the main one first. */
  readonly losses: Float32Array;
  /** `[N, classes]`: the main classifier's logits. */
  readonly logits: Float32Array;
}

/** Runs training steps: in this process, in a child process, or as a fake in a test. Calls must not overlap. */
export interface TrainingEngine {
  /** Runs one call's steps. Their number is fixed when the engine is opened. */
  step(inputs: readonly StepInput[]): Promise<readonly StepAnswer[]>;
  /** Evaluates the network as it will be served: `[N, 1, cropSize, cropSize]`, center crops, → logits `[N, classes]`, for any N. */
  evaluate(photos: Uint8Array): Promise<Float32Array>;
  /** Returns the current state. */
  state(): Promise<TrainingState>;
  /** Replaces the state. */
  load(state: TrainingState): Promise<void>;
  close(): Promise<void>;
}

/** How to open a training engine. */
export interface TrainingEngineOptions {
  readonly graph: TrainingGraphOptions;
  readonly device: Device;
  readonly threads: number;
  /** Lets a GPU compute with TF32. Off by default. */
  readonly tf32?: boolean;
  /** The path prefix of the steps' profile, in lanes of the first lane's. It is complete once the engine is closed. */
  readonly profilePrefix?: string;
}

/** The names of the graph's state inputs. */
const STATE_INPUTS = ['weights', 'biases', 'weights_momenta', 'biases_momenta'] as const;

/** A training engine with one session, in this process. It blocks the event loop while it computes. */
export class SessionTrainingEngine implements TrainingEngine {
  readonly #options: TrainingGraphOptions;
  readonly #masks: MaskShapes;
  readonly #layout: StateLayout;
  readonly #training: Session;
  readonly #evaluation: Evaluation;
  #state: Record<string, Tensor<Float32Array>>;

  private constructor(options: TrainingGraphOptions, training: Session, evaluation: Evaluation, state: TrainingState) {
    this.#options = options;
    const { masks, layout } = planTraining(options);
    this.#masks = masks;
    this.#layout = layout;
    this.#training = training;
    this.#evaluation = evaluation;
    this.#state = tensorsOf(layout, state);
  }

  /** Opens both models, strictly on the device. Throws an Error with ONNX Runtime's message. */
  static async open({ graph, device, threads, profilePrefix }: TrainingEngineOptions, state: TrainingState) {
    const profiled = profilePrefix === undefined ? {} : { profilePrefix };
    const training = await openSession({ model: buildTrainingModel(graph), device, threads, ...profiled });
    const evaluation = await Evaluation.open(graph, device, threads);
    return new SessionTrainingEngine(graph, training, evaluation, state);
  }

  async step(inputs: readonly StepInput[]): Promise<readonly StepAnswer[]> {
    const { stepsPerCall } = this.#options;
    if (inputs.length !== stepsPerCall)
      throw new RangeError(`got ${inputs.length} steps, expected ${stepsPerCall} per call`);
    const outputs = await this.#training.run({
      ...this.#state,
      ...dataTensors(this.#options, this.#masks, inputs, stepsPerCall > 1),
      learning_rate: stacked(
        [],
        inputs.map(({ learningRate }) => Float32Array.of(learningRate)),
        stepsPerCall > 1,
      ),
    });
    this.#state = Object.fromEntries(STATE_INPUTS.map((name) => [name, outputs[`next_${name}`]!]));
    const part = (data: Float32Array, step: number) => {
      const size = data.length / stepsPerCall;
      return data.slice(step * size, (step + 1) * size);
    };
    return inputs.map((_, step) => ({
      losses: part(outputs.losses!.data, step),
      logits: part(outputs.logits!.data, step),
    }));
  }

  async evaluate(photos: Uint8Array): Promise<Float32Array> {
    return this.#evaluation.run(photos, (await this.state()).parameters);
  }

  async state(): Promise<TrainingState> {
    const row = (name: (typeof STATE_INPUTS)[number]) => this.#state[name]!.data;
    return {
      parameters: { weights: row('weights'), biases: row('biases') },
      momenta: { weights: row('weights_momenta'), biases: row('biases_momenta') },
    };
  }

  async load(state: TrainingState): Promise<void> {
    this.#state = tensorsOf(this.#layout, state);
  }

  async close(): Promise<void> {
    await Promise.all([this.#training.close(), this.#evaluation.close()]);
  }
}

function tensorsOf(
  { weights, biases }: StateLayout,
  { parameters, momenta }: TrainingState,
): Record<string, Tensor<Float32Array>> {
  return {
    weights: rowTensor(weights, parameters.weights),
    biases: rowTensor(biases, parameters.biases),
    weights_momenta: rowTensor(weights, momenta.weights),
    biases_momenta: rowTensor(biases, momenta.biases),
  };
}
