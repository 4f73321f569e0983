import { openSession, type Session, type Tensor } from '../../runtime/session.ts';
import { GROUPS, type Rows, rowTensor, type StateLayout } from '../step/state-layout.ts';
import type { CropBatch } from './crop-stream.ts';
import {
  buildDistillationModel,
  buildStudentEvaluation,
  type FeatureScales,
  LOSS_PARTS,
  planStudent,
  type StudentShape,
} from './distillation-graph.ts';
import type { TeacherMaps } from './teacher.ts';

/** What training changes: the parameters, with Adam's moments. */
export interface StudentState {
  readonly parameters: Rows;
  readonly first: Rows;
  readonly second: Rows;
}

/** The number of crops to evaluate at once. More are no faster, and need memory in addition to the steps'. */
const EVALUATED_AT_ONCE = 8;

/** Trains and evaluates the student. It blocks the event loop while it computes. */
export class StudentEngine {
  readonly #cropSize: number;
  readonly #layout: StateLayout;
  readonly #training: Session;
  readonly #evaluation: Session;
  #state: StudentState;

  private constructor(shape: StudentShape, training: Session, evaluation: Session, state: StudentState) {
    this.#cropSize = shape.cropSize;
    this.#layout = planStudent(shape).layout;
    this.#training = training;
    this.#evaluation = evaluation;
    this.#state = state;
  }

  static async open(
    {
      shape,
      batchSize,
      scales,
      threads,
    }: {
      readonly shape: StudentShape;
      readonly batchSize: number;
      readonly scales: FeatureScales;
      readonly threads: number;
    },
    state: StudentState,
  ): Promise<StudentEngine> {
    const device = 'cpu';
    const training = await openSession({ model: buildDistillationModel(shape, batchSize, scales), device, threads });
    const evaluation = await openSession({ model: buildStudentEvaluation(shape, scales), device, threads });
    return new StudentEngine(shape, training, evaluation, state);
  }

  get state(): StudentState {
    return this.#state;
  }

  /**
   * Takes a step on a batch of the size that the engine was opened for.
   *
   * @param rate the learning rate with Adam's correction.
   * @returns the parts of the loss before the step.
   */
  async step({ count, gray }: CropBatch, maps: TeacherMaps, rate: number): Promise<Float32Array> {
    const { parameters, first, second } = this.#state;
    const state = GROUPS.flatMap((group) => [
      [group, rowTensor(this.#layout[group], parameters[group])] as const,
      [`${group}_first`, rowTensor(this.#layout[group], first[group])] as const,
      [`${group}_second`, rowTensor(this.#layout[group], second[group])] as const,
    ]);
    const outputs = await this.#training.run({
      ...Object.fromEntries(state),
      ...maps,
      photos: this.#photos(count, gray),
      learning_rate: { data: Float32Array.of(rate), shape: [] },
    });
    const next = (suffix: string): Rows => ({
      weights: outputs[`next_weights${suffix}`]!.data,
      biases: outputs[`next_biases${suffix}`]!.data,
    });
    this.#state = { parameters: next(''), first: next('_first'), second: next('_second') };
    return outputs.losses!.data;
  }

  /** Returns the parts of the loss of parameters on any number of crops. */
  async evaluate(parameters: Rows, { count, gray }: CropBatch, maps: TeacherMaps): Promise<number[]> {
    const sums = LOSS_PARTS.map(() => 0);
    const rows = Object.fromEntries(
      GROUPS.map((group) => [group, rowTensor(this.#layout[group], parameters[group])] as const),
    );
    for (let at = 0; at < count; at += EVALUATED_AT_ONCE) {
      const size = Math.min(EVALUATED_AT_ONCE, count - at);
      const some = (data: Float32Array) =>
        data.subarray((at * data.length) / count, ((at + size) * data.length) / count);
      const part = ({ data, shape }: Tensor<Float32Array>) => ({ data: some(data), shape: shape.with(0, size) });
      const outputs = await this.#evaluation.run({
        ...rows,
        ...{ photos: this.#photos(size, some(gray)), map5b: part(maps.map5b), map5a: part(maps.map5a) },
      });
      LOSS_PARTS.forEach(({ name }, index) => {
        sums[index]! += outputs[`error_${name}`]!.data.reduce((sum, error) => sum + error, 0);
      });
    }
    return sums.map((sum) => sum / count);
  }

  async close(): Promise<void> {
    await Promise.all([this.#training.close(), this.#evaluation.close()]);
  }

  #photos(count: number, data: Float32Array): Tensor {
    return { data, shape: [count, 1, this.#cropSize, this.#cropSize] };
  }
}
