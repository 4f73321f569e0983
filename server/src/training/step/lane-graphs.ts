import { encodeModel, GraphBuilder } from '../../onnx/graph-builder.ts';
import type { Value } from '../../onnx/shape-inference.ts';
import type { SgdOptions } from './optimizer.ts';
import { eachGroup, GROUPS } from './state-layout.ts';
import {
  addGradients,
  addUpdate,
  cutParameters,
  type EvaluationOptions,
  gradientValues,
  planTraining,
  stepShapes,
  type TrainingShape,
} from './training-graph.ts';

/** How to build the gradients of a part of a batch. */
export interface GradientGraphOptions extends EvaluationOptions {
  /** The number of photos in a part. */
  readonly partSize: number;
}

/**
 * Builds the gradients of a part of a batch, P photos. Its inputs are those of a step (`buildTrainingModel`) with P instead
 * of N, without momenta and learning rate:
 *
 *     weights, biases, photos, … → weights_gradients, biases_gradients   in the shapes of the rows
 *                                  losses float32 [3], logits float32 [P, classes]
 *
 * The losses and gradients of all parts add up to those of the batch. A photo without weight for any class adds nothing.
 */
export function buildGradientModel({ partSize, ...options }: GradientGraphOptions): Uint8Array {
  const part = { ...options, batchSize: partSize };
  const plan = planTraining(part);
  const graph = new GraphBuilder('gradients');
  const rows = eachGroup((group) => graph.input(group, 'float32', plan.layout[group].shape));
  const values = stepShapes(part, plan).data.map(({ name, dtype, shape }): [string, Value] => {
    return [name, graph.input(name, dtype, shape)];
  });
  const parameters = cutParameters(graph, plan.layout, rows);
  const given = gradientValues(new Map(values), plan);
  const { gradients, losses, logits } = addGradients(graph, part, plan, parameters, given, options.batchSize);
  for (const group of GROUPS) graph.output(gradients[group], `${group}_gradients`);
  graph.output(losses, 'losses');
  graph.output(logits, 'logits');
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
