import type { DropoutName } from '../../googlenet/training-form.ts';
import { type Device, openSession, type Session, type Tensor } from '../../runtime/session.ts';
import type { Rows } from './state-layout.ts';
import {
  buildEvaluationModel,
  buildTrainingModel,
  type MaskShapes,
  maskInput,
  planTraining,
  type TrainingGraphOptions,
} from './training-graph.ts';

/** What a run changes: parameters and their momenta. */
export interface TrainingState {
  readonly parameters: Rows;
  readonly momenta: Rows;
}

/** What one step learns from. */
export interface StepInput {
  /** `[N, 1, cropSize, cropSize]`, mean subtracted. */
  readonly photos: Float32Array;
  /** `[N, classes]`, 1 at the label. */
  readonly targets: Float32Array;
  readonly masks: ReadonlyMap<DropoutName, Uint8Array>;
  readonly learningRate: number;
}

/** What one step says, before its update. */
export interface StepAnswer {
  /** Each head's own loss; the main one first. */
  readonly losses: Float32Array;
  /** `[N, classes]`, the main head's. */
  readonly logits: Float32Array;
}

/** Where training computes: here, in a child process, in a test. Calls must not overlap. */
export interface TrainingEngine {
  /** Takes as many steps as it was opened for in one call. */
  step(inputs: readonly StepInput[]): Promise<readonly StepAnswer[]>;
  /** The network as it will be served: `[N, 1, cropSize, cropSize]` → logits `[N, classes]`, for any N. */
  evaluate(photos: Float32Array): Promise<Float32Array>;
  /** The state as it stands. */
  state(): Promise<TrainingState>;
  /** Goes on from another state. */
  load(state: TrainingState): Promise<void>;
  close(): Promise<void>;
}

/** What a training engine is opened with. */
export interface TrainingEngineOptions {
  readonly graph: TrainingGraphOptions;
  readonly device: Device;
  readonly threads: number;
  /** Where the steps' profile is written: it is whole once the engine is closed. */
  readonly profilePrefix?: string;
}

/** Photos that are evaluated at once: more are no faster and take memory beside that of the steps. */
const EVALUATED_AT_ONCE = 8;

/** The names under which the graph takes the state, in and out. */
const STATE_INPUTS = ['weights', 'biases', 'weights_momenta', 'biases_momenta'] as const;

/** A training engine in this process: it blocks the event loop while it computes. */
export class SessionTrainingEngine implements TrainingEngine {
  readonly #options: TrainingGraphOptions;
  readonly #masks: MaskShapes;
  readonly #training: Session;
  readonly #evaluation: Session;
  #state: Record<string, Tensor<Float32Array>>;

  private constructor(options: TrainingGraphOptions, training: Session, evaluation: Session, state: TrainingState) {
    this.#options = options;
    this.#masks = planTraining(options).masks;
    this.#training = training;
    this.#evaluation = evaluation;
    this.#state = tensorsOf(state);
  }

  /** Opens both models, strictly on the device. Throws Error with ONNX Runtime's words. */
  static async open({ graph, device, threads, profilePrefix }: TrainingEngineOptions, state: TrainingState) {
    const profiled = profilePrefix === undefined ? {} : { profilePrefix };
    const training = await openSession({ model: buildTrainingModel(graph), device, threads, ...profiled });
    const evaluation = await openSession({ model: buildEvaluationModel(graph), device, threads });
    return new SessionTrainingEngine(graph, training, evaluation, state);
  }

  async step(inputs: readonly StepInput[]): Promise<readonly StepAnswer[]> {
    const { batchSize, cropSize, classes, stepsPerCall } = this.#options;
    if (inputs.length !== stepsPerCall) throw new RangeError(`${inputs.length} steps in a call of ${stepsPerCall}`);
    const stack = (shape: readonly number[], part: (input: StepInput) => Float32Array | Uint8Array): Tensor => ({
      data: joined(inputs.map(part)),
      shape: stepsPerCall > 1 ? [stepsPerCall, ...shape] : shape,
    });
    const outputs = await this.#training.run({
      ...this.#state,
      photos: stack([batchSize, 1, cropSize, cropSize], ({ photos }) => photos),
      targets: stack([batchSize, classes], ({ targets }) => targets),
      learning_rate: stack([], ({ learningRate }) => Float32Array.of(learningRate)),
      ...Object.fromEntries(
        [...this.#masks].map(([name, shape]) => [maskInput(name), stack(shape, (input) => input.masks.get(name)!)]),
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

  async evaluate(photos: Float32Array): Promise<Float32Array> {
    const { cropSize } = this.#options;
    const { weights, biases } = this.#state;
    const logits: Float32Array[] = [];
    for (let at = 0; at < photos.length; at += EVALUATED_AT_ONCE * cropSize * cropSize) {
      const data = photos.subarray(at, at + EVALUATED_AT_ONCE * cropSize * cropSize);
      const some = { data, shape: [data.length / cropSize ** 2, 1, cropSize, cropSize] };
      logits.push((await this.#evaluation.run({ photos: some, weights: weights!, biases: biases! })).logits!.data);
    }
    return Float32Array.from(logits.flatMap((part) => [...part]));
  }

  async state(): Promise<TrainingState> {
    const row = (name: (typeof STATE_INPUTS)[number]) => this.#state[name]!.data;
    return {
      parameters: { weights: row('weights'), biases: row('biases') },
      momenta: { weights: row('weights_momenta'), biases: row('biases_momenta') },
    };
  }

  async load(state: TrainingState): Promise<void> {
    this.#state = tensorsOf(state);
  }

  async close(): Promise<void> {
    await Promise.all([this.#training.close(), this.#evaluation.close()]);
  }
}

/** Arrays of one type and size, one after the other. */
function joined<Data extends Float32Array | Uint8Array>(parts: readonly Data[]): Data {
  const [first] = parts as [Data];
  if (parts.length === 1) return first;
  const whole = new (first.constructor as new (length: number) => Data)(parts.length * first.length);
  for (const [index, part] of parts.entries()) whole.set(part, index * first.length);
  return whole;
}

function tensorsOf({ parameters, momenta }: TrainingState): Record<string, Tensor<Float32Array>> {
  const row = (data: Float32Array) => ({ data, shape: [data.length] });
  return {
    weights: row(parameters.weights),
    biases: row(parameters.biases),
    weights_momenta: row(momenta.weights),
    biases_momenta: row(momenta.biases),
  };
}
