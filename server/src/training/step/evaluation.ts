import { type Device, openSession, type Session } from '../../runtime/session.ts';
import { type Rows, rowTensor, type StateLayout } from './state-layout.ts';
import { buildEvaluationModel, type EvaluationOptions, planTraining } from './training-graph.ts';

/** The number of photos to evaluate at once. More are no faster, and need memory in addition to the steps'. */
const EVALUATED_AT_ONCE = 8;

/** Evaluates the network as it will be served, in this process. It blocks the event loop while it computes. */
export class Evaluation {
  readonly #cropSize: number;
  readonly #layout: StateLayout;
  readonly #session: Session;

  private constructor({ cropSize }: EvaluationOptions, layout: StateLayout, session: Session) {
    this.#cropSize = cropSize;
    this.#layout = layout;
    this.#session = session;
  }

  /** Opens the model. Throws an Error with ONNX Runtime's message. */
  static async open(options: EvaluationOptions, device: Device, threads: number): Promise<Evaluation> {
    const session = await openSession({ model: buildEvaluationModel(options), device, threads });
    return new Evaluation(options, planTraining(options).layout, session);
  }

  /** Computes logits `[N, classes]` of center crops, `[N, 1, cropSize, cropSize]`, for any N. */
  async run(photos: Uint8Array, parameters: Rows): Promise<Float32Array> {
    const weights = rowTensor(this.#layout.weights, parameters.weights);
    const biases = rowTensor(this.#layout.biases, parameters.biases);
    const pixels = this.#cropSize ** 2;
    const logits: Float32Array[] = [];
    for (let at = 0; at < photos.length; at += EVALUATED_AT_ONCE * pixels) {
      const data = photos.subarray(at, at + EVALUATED_AT_ONCE * pixels);
      const some = { data, shape: [data.length / pixels, 1, this.#cropSize, this.#cropSize] };
      logits.push((await this.#session.run({ photos: some, weights, biases })).logits!.data);
    }
    return Float32Array.from(logits.flatMap((part) => [...part]));
  }

  async close(): Promise<void> {
    await this.#session.close();
  }
}
