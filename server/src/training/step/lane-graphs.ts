import { encodeModel, GraphBuilder } from '../../onnx/graph-builder.ts';
import type { Value } from '../../onnx/shape-inference.ts';
import type { SgdOptions } from './optimizer.ts';
import { cutParameters } from './parameter-rows.ts';
import { eachGroup, GROUPS } from './state-layout.ts';
import {
  addGradients,
  addUpdate,
  type EvaluationOptions,
  gradientValues,
  planTraining,
  stepShapes,
  type TrainingShape,
} from './training-graph.ts';

/** How to build the gradients of parts of a batch. */
export interface GradientGraphOptions extends EvaluationOptions {
  /** The number of photos in a part. */
  readonly partSize: number;
  /** The number of parts. */
  readonly parts: number;
}

/**
 * Builds the gradients of some parts of a batch, K parts of P photos. Its inputs are those of a step
 * (`buildTrainingModel`) with P instead of N and the parts as their first axis, without momenta and learning rate:
 *
 *     weights, biases, photos, … → weights_gradients, biases_gradients   the sums over the parts, in the shapes of the rows
 *                                  losses float32 [K, 3], logits float32 [K, P, classes]
 *
 * The losses and gradients of all parts add up to those of the batch. A photo without weight for any class adds nothing.
 * A `Loop` computes part after part. What depends only on the parameters, such as turned kernels, is computed before it.
 */
export function buildGradientModel({ partSize, parts, ...options }: GradientGraphOptions): Uint8Array {
  const part = { ...options, batchSize: partSize };
  const plan = planTraining(part);
  const graph = new GraphBuilder('gradients');
  const rows = eachGroup((group) => graph.input(group, 'float32', plan.layout[group].shape));
  const parameters = cutParameters(graph, plan.layout, rows);
  const body = new GraphBuilder('part', 'part/', graph);
  const iteration = body.input('iteration', 'int64', []);
  const condition = body.input('condition', 'bool', []);
  const sums = eachGroup((group) => body.input(`${group}_sum`, 'float32', plan.layout[group].shape));
  const taken = stepShapes(part, plan).data.map(({ name, dtype, shape }): [string, Value] => {
    const input = graph.input(name, dtype, [parts, ...shape]);
    return [name, body.apply('Gather', [input, iteration], { axis: 0 }, name)];
  });
  const given = gradientValues(new Map(taken), plan);
  const { gradients, losses, logits } = addGradients(body, part, plan, parameters, given, options.batchSize);
  body.output(condition, 'condition_out');
  for (const group of GROUPS) body.output(body.apply('Add', [sums[group], gradients[group]]), `${group}_gradients`);
  body.output(losses, 'losses');
  body.output(logits, 'logits');
  const always = graph.constant('always', 'bool', [], [1]);
  const tripCount = graph.constant('trip_count', 'int64', [], [parts]);
  const zeros = GROUPS.map((group) => graph.apply('ConstantOfShape', [graph.ints(plan.layout[group].shape)]));
  const outputs = graph.applyAll('Loop', [tripCount, always, ...zeros], { body: body.build() });
  const names = [...GROUPS.map((group) => `${group}_gradients`), 'losses', 'logits'];
  for (const [index, name] of names.entries()) graph.output(outputs[index]!, name);
  return encodeModel(graph.build());
}

/** How to build the update of the state. */
export interface UpdateGraphOptions extends TrainingShape, SgdOptions {
  /** The number of lanes, each with its own gradients. */
  readonly lanes: number;
}

/**
 * Builds the update of the state by the sum of all lanes' gradients:
 *
 *     weights, weights_momenta, weights_gradients_0, …, biases, …, learning_rate → the four state tensors, prefixed with `next_`
 */
export function buildUpdateModel({ lanes, ...options }: UpdateGraphOptions): Uint8Array {
  const { layout } = planTraining(options);
  const graph = new GraphBuilder('update');
  const rows = (suffix: string) =>
    eachGroup((group) => graph.input(`${group}${suffix}`, 'float32', layout[group].shape));
  const [parameters, momenta] = [rows(''), rows('_momenta')];
  const learningRate = graph.input('learning_rate', 'float32', []);
  const [first, ...others] = Array.from({ length: lanes }, (_, lane) => rows(`_gradients_${lane}`));
  const gradients = eachGroup((group) =>
    others.reduce((sum, lane) => graph.apply('Add', [sum, lane[group]]), first![group]),
  );
  const next = addUpdate(graph, options, { parameters, momenta, learningRate }, gradients);
  for (const group of GROUPS) {
    graph.output(next.parameters[group], `next_${group}`);
    graph.output(next.momenta[group], `next_${group}_momenta`);
  }
  return encodeModel(graph.build());
}
