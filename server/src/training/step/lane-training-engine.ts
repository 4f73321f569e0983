import { openSession, type Session } from '../../runtime/session.ts';
import { type Division, divideBatch } from './divide-batch.ts';
import { Evaluation } from './evaluation.ts';
import { Lane, partOf, type SharedRows, sharedRows } from './lane.ts';
import { buildUpdateModel } from './lane-graphs.ts';
import { eachGroup, GROUPS, type Rows, rowTensor, type StateLayout } from './state-layout.ts';
import type { StepAnswer, StepInput, TrainingEngine, TrainingEngineOptions, TrainingState } from './training-engine.ts';
import { planTraining, type TrainingGraphOptions } from './training-graph.ts';

/** The parts that stay open from step to step. */
interface Opened {
  readonly lanes: readonly Lane[];
  readonly update: Session;
  readonly evaluation: Evaluation;
}

/**
 * Trains on the CPU, one step per call. Some operators that move data or pool use one thread, so the threads don't share
 * each operator. Instead, the batch is divided into parts, lanes compute the parts' gradients at the same time, and one
 * update uses their sum. Which lane adds what, and in which order, is fixed. The result is therefore that of a plain step up
 * to rounding, and the same each time.
 */
export class LaneTrainingEngine implements TrainingEngine {
  readonly #options: TrainingGraphOptions;
  readonly #layout: StateLayout;
  readonly #division: Division;
  readonly #opened: Opened;
  /** The lanes read them. */
  readonly #parameters: SharedRows;
  #momenta: Rows;

  private constructor(options: TrainingGraphOptions, division: Division, opened: Opened, parameters: SharedRows) {
    this.#options = options;
    this.#layout = planTraining(options).layout;
    this.#division = division;
    this.#opened = opened;
    this.#parameters = parameters;
    this.#momenta = sharedRows(this.#layout);
  }

  /** Starts the lanes and opens the models. Throws an Error with ONNX Runtime's message. */
  static async open(
    { graph, threads, profilePrefix }: TrainingEngineOptions,
    state: TrainingState,
  ): Promise<LaneTrainingEngine> {
    const { layout } = planTraining(graph);
    const division = divideBatch(graph.batchSize, threads);
    const parameters = sharedRows(layout);
    const { partSize, threadsPerLane } = division;
    const lanes = await Promise.all(
      division.lanes.map((starts, lane) =>
        Lane.open({
          graph: { ...graph, partSize, parts: starts.length },
          threads: threadsPerLane,
          ...{ parameters, gradients: sharedRows(layout) },
          profilePrefix: lane === 0 ? profilePrefix : undefined,
        }),
      ),
    );
    const model = buildUpdateModel({ ...graph, lanes: lanes.length });
    const update = await openSession({ model, device: 'cpu', threads });
    const evaluation = await Evaluation.open(graph, 'cpu', threads);
    const engine = new LaneTrainingEngine(graph, division, { lanes, update, evaluation }, parameters);
    await engine.load(state);
    return engine;
  }

  async step(inputs: readonly StepInput[]): Promise<readonly StepAnswer[]> {
    const answers: StepAnswer[] = [];
    for (const input of inputs) {
      answers.push(await this.#computeGradients(input));
      await this.#update(input.learningRate);
    }
    return answers;
  }

  /** Lets the lanes compute the gradients of a batch, and puts together what they tell about it. */
  async #computeGradients(input: StepInput): Promise<StepAnswer> {
    const { batchSize, classes } = this.#options;
    const { partSize, lanes } = this.#division;
    const found = await Promise.all(
      lanes.map((starts, lane) =>
        this.#opened.lanes[lane]!.run(starts.map((first) => partOf(input, batchSize, first, partSize))),
      ),
    );
    const logits = new Float32Array(batchSize * classes);
    const losses = new Float32Array(found[0]!.losses.length / lanes[0]!.length);
    for (const [lane, starts] of lanes.entries()) {
      for (const [part, first] of starts.entries()) {
        const begin = part * partSize * classes;
        const count = Math.min(partSize, batchSize - first) * classes;
        logits.set(found[lane]!.logits.subarray(begin, begin + count), first * classes);
        for (const head of losses.keys()) losses[head]! += found[lane]!.losses[part * losses.length + head]!;
      }
    }
    return { losses, logits };
  }

  async #update(learningRate: number): Promise<void> {
    const { lanes, update } = this.#opened;
    const row = (group: keyof Rows, rows: Rows) => rowTensor(this.#layout[group], rows[group]);
    const inputs = GROUPS.flatMap((group) => [
      [group, row(group, this.#parameters)] as const,
      [`${group}_momenta`, row(group, this.#momenta)] as const,
      ...lanes.map(({ gradients }, lane) => [`${group}_gradients_${lane}`, row(group, gradients)] as const),
    ]);
    const learning_rate = { data: Float32Array.of(learningRate), shape: [] };
    const next = await update.run({ ...Object.fromEntries(inputs), learning_rate });
    for (const group of GROUPS) this.#parameters[group].set(next[`next_${group}`]!.data);
    this.#momenta = eachGroup((group) => next[`next_${group}_momenta`]!.data);
  }

  evaluate(photos: Uint8Array): Promise<Float32Array> {
    return this.#opened.evaluation.run(photos, this.#parameters);
  }

  async state(): Promise<TrainingState> {
    return {
      parameters: eachGroup((group) => Float32Array.from(this.#parameters[group])), // the next step overwrites them
      momenta: this.#momenta,
    };
  }

  async load({ parameters, momenta }: TrainingState): Promise<void> {
    for (const group of GROUPS) this.#parameters[group].set(parameters[group]);
    this.#momenta = momenta;
  }

  async close(): Promise<void> {
    const { lanes, update, evaluation } = this.#opened;
    await Promise.all([...lanes.map((lane) => lane.close()), update.close(), evaluation.close()]);
  }
}
