import { Layers } from '../../googlenet/layers.ts';
import { googLeNetFeatures } from '../../googlenet/network.ts';
import type { Weights } from '../../googlenet/weights.ts';
import { encodeModel, GraphBuilder } from '../../onnx/graph-builder.ts';
import { concat, reduceSum, reshape, scale } from '../../onnx/operations.ts';
import { elementCount, type Shape, sizesOf, type Value } from '../../onnx/shape-inference.ts';
import { backward } from '../gradient/backward.ts';
import type { ParameterGroup } from '../step/optimizer.ts';
import { cutParameters, joinGradients } from '../step/parameter-rows.ts';
import { GROUPS, type StateLayout, stateLayout } from '../step/state-layout.ts';
import { adamStep } from './adam.ts';

/** The modules whose output the student imitates, in the order of the feature vector. */
export const MODULES = ['5b', '5a'] as const;

export type ModuleName = (typeof MODULES)[number];

/**
 * The parts of the loss with their weights, in the order of the graph's output: the error of the features themselves,
 * which are the maps' spatial means, and the error at every position of the maps.
 */
export const LOSS_PARTS = [
  { name: 'features5b', weight: 1 },
  { name: 'features5a', weight: 1 },
  { name: 'map5b', weight: 0.3 },
  { name: 'map5a', weight: 0.3 },
] as const;

/** Returns the loss of its parts. */
export const lossOf = (parts: ArrayLike<number>) =>
  LOSS_PARTS.reduce((sum, { weight }, index) => sum + weight * parts[index]!, 0);

/** What the errors of a module are divided by. */
export interface ModuleScale {
  /** The inverse of the standard deviation of each of the teacher's features, `[C]`. */
  readonly features: Float32Array;
  /** The inverse of the root mean square deviation of the teacher's whole map. */
  readonly map: number;
}

export type FeatureScales = Readonly<Record<ModuleName, ModuleScale>>;

/** The size of the student. */
export interface StudentShape {
  readonly cropSize: number;
  /** Share of the paper's filters. 1 is GoogLeNet itself; tests use less. */
  readonly width: number;
}

type Maps = Readonly<Record<ModuleName, Value>>;

/** The facts about the student that are known before its graphs are built. */
export interface StudentPlan {
  readonly layout: StateLayout;
  /** The maps' shapes without the batch, `[C, side, side]`. */
  readonly maps: Readonly<Record<ModuleName, readonly number[]>>;
}

/** Returns the name of a teacher map's input or output. */
const mapName = (module: ModuleName) => `map${module}` as const;

function featureMaps(layers: Layers, photos: Value, width: number): Maps {
  const before: { map?: Value } = {};
  const last = googLeNetFeatures(layers, photos, {
    width,
    onModule: (module, output) => {
      if (module === '5a') before.map = output;
    },
  });
  return { '5b': last, '5a': before.map! };
}

/** Walks the student once to find its parameters and the shapes of its maps. */
export function planStudent({ cropSize, width }: StudentShape): StudentPlan {
  const shapes = new Map<string, readonly number[]>();
  const graph = new GraphBuilder('plan');
  const layers = new Layers(graph, (name, shape) => {
    shapes.set(name, sizesOf(shape));
    return { name, dtype: 'float32', shape };
  });
  const maps = featureMaps(layers, graph.input('photos', 'float32', [1, 1, cropSize, cropSize]), width);
  const shapeOf = (module: ModuleName) => sizesOf(maps[module].shape.slice(1));
  return { layout: stateLayout(shapes), maps: { '5b': shapeOf('5b'), '5a': shapeOf('5a') } };
}

/**
 * Builds the teacher: color photos float32 `[N, 3, cropSize, cropSize]`, means subtracted, in the order of the network's
 * channels → `map5b` `[N, 1024, s, s]` and `map5a` `[N, 832, s, s]`.
 */
export function buildTeacherModel(weights: Weights, cropSize: number): Uint8Array {
  const graph = new GraphBuilder('teacher');
  const layers = new Layers(graph, (name, shape) => graph.constant(name, 'float32', shape, weights.get(name)!.data));
  const maps = featureMaps(layers, graph.input('photos', 'float32', ['N', 3, cropSize, cropSize]), 1);
  for (const module of MODULES) graph.output(maps[module], mapName(module));
  return encodeModel(graph.build());
}

/** Adds the parts of the loss for each photo: four values `[N]`, in the order of {@link LOSS_PARTS}. */
function photoErrors(graph: GraphBuilder, layers: Layers, student: Maps, teacher: Maps, scales: FeatureScales) {
  const differences = MODULES.map((module) => graph.apply('Sub', [student[module], teacher[module]]));
  const meanSquare = (x: Value) => {
    const sizes = sizesOf(x.shape.slice(1));
    const axes = sizes.map((_, index) => index + 1);
    return scale(graph, reduceSum(graph, graph.apply('Mul', [x, x]), axes), 1 / elementCount(sizes));
  };
  // The mean of the difference is the difference of the means.
  const features = differences.map((difference, index) => {
    const module = MODULES[index]!;
    const inverse = scales[module].features;
    const constant = graph.constant(`scale/${module}`, 'float32', [1, inverse.length], inverse);
    return meanSquare(graph.apply('Mul', [layers.globalAveragePool(difference, `error/${module}`), constant]));
  });
  const maps = differences.map((difference, index) => {
    return scale(graph, meanSquare(difference), scales[MODULES[index]!].map ** 2);
  });
  return [...features, ...maps];
}

/** A student's graph up to the errors, shared by training and evaluation. */
function addStudent(
  graph: GraphBuilder,
  { cropSize, width }: StudentShape,
  batch: number | 'N',
  scales: FeatureScales,
) {
  const plan = planStudent({ cropSize, width });
  const input = (name: string, shape: Shape) => graph.input(name, 'float32', [batch, ...shape]);
  const rows = Object.fromEntries(
    GROUPS.map((group) => [group, graph.input(group, 'float32', plan.layout[group].shape)]),
  ) as Record<ParameterGroup, Value>;
  const parameters = cutParameters(graph, plan.layout, rows);
  const layers = new Layers(graph, (name) => parameters.get(name)!);
  const photos = input('photos', [1, cropSize, cropSize]);
  const teacher = { '5b': input('map5b', plan.maps['5b']), '5a': input('map5a', plan.maps['5a']) };
  const errors = photoErrors(graph, layers, featureMaps(layers, photos, width), teacher, scales);
  return { plan, rows, parameters, errors };
}

/**
 * Builds a step of distillation as one standard ONNX model, from state and data to the next state and losses. The state
 * has two rows, `weights` and `biases`, each with Adam's moments.
 *
 *     photos         float32 [N, 1, cropSize, cropSize]   weights, weights_first, weights_second   float32 [nW / 64, 64]
 *     map5b, map5a   float32 [N, C, s, s]                 biases, biases_first, biases_second      float32 [nB / 16, 16]
 *     learning_rate  float32 []                           with Adam's correction (see adam.ts)
 *
 *     losses         float32 [4]                          the parts of the loss, before the update
 *     next_weights, …                                     the six state rows
 */
export function buildDistillationModel(shape: StudentShape, batchSize: number, scales: FeatureScales): Uint8Array {
  const graph = new GraphBuilder('distillation');
  const { plan, rows, parameters, errors } = addStudent(graph, shape, batchSize, scales);
  const rate = graph.input('learning_rate', 'float32', []);
  const losses = errors.map((error) => scale(graph, reduceSum(graph, error, [0]), 1 / batchSize));
  const seeds = LOSS_PARTS.map(({ weight }, index) => ({ value: losses[index]!, gradient: graph.scalar(weight) }));
  const names = [...parameters.keys()];
  const found = backward(graph, seeds, [...parameters.values()]);
  const gradients = new Map(names.map((name, index) => [name, found[index]!]));
  for (const group of GROUPS) {
    const moment = (which: string) => graph.input(`${group}_${which}`, 'float32', plan.layout[group].shape);
    const state = { parameters: rows[group], first: moment('first'), second: moment('second') };
    const next = adamStep(graph, state, joinGradients(graph, plan.layout[group], gradients), rate);
    graph.output(next.parameters, `next_${group}`);
    graph.output(next.first, `next_${group}_first`);
    graph.output(next.second, `next_${group}_second`);
  }
  const joined = concat(
    graph,
    losses.map((loss) => reshape(graph, loss, [1])),
    0,
  );
  graph.output(joined, 'losses');
  return encodeModel(graph.build());
}

/**
 * Builds the student's evaluation for any N: the inputs of {@link buildDistillationModel} without moments and learning
 * rate → `error_features5b` and so on, the parts of each photo's loss, `[N]`.
 */
export function buildStudentEvaluation(shape: StudentShape, scales: FeatureScales): Uint8Array {
  const graph = new GraphBuilder('evaluation');
  const { errors } = addStudent(graph, shape, 'N', scales);
  for (const [index, { name }] of LOSS_PARTS.entries()) graph.output(errors[index]!, `error_${name}`);
  return encodeModel(graph.build());
}
