import { Layers } from '../../googlenet/layers.ts';
import { googLeNetClassifier, googLeNetFeatures } from '../../googlenet/network.ts';
import { type DropoutName, googLeNetForTraining, LOSS_WEIGHTS } from '../../googlenet/training-form.ts';
import { encodeModel, GraphBuilder } from '../../onnx/graph-builder.ts';
import { concat, reshape } from '../../onnx/operations.ts';
import { elementCount, type Shape, sizesOf, type Value } from '../../onnx/shape-inference.ts';
import { backward } from '../gradient/backward.ts';
import { type CropPlaces, centerCenterCrops, centerCrops } from './center-photos.ts';
import { softmaxCrossEntropy } from './loss.ts';
import { type ParameterGroup, type SgdOptions, sgdStep } from './optimizer.ts';
import { cutParameters, joinGradients } from './parameter-rows.ts';
import { eachGroup, GROUPS, type StateLayout, stateLayout } from './state-layout.ts';

/** The sizes of the network and its batches. */
export interface TrainingShape {
  /** The number of photos in a batch. */
  readonly batchSize: number;
  /** The side length of a photo in pixels. GoogLeNet itself has 224. */
  readonly cropSize: number;
  readonly classes: number;
  /** The fraction of the paper's filters. GoogLeNet itself has 1. */
  readonly width: number;
}

/** How to build the network's evaluation. */
export interface EvaluationOptions extends TrainingShape {
  /** Subtracted from photos: gray levels, `[256, 256]`. */
  readonly mean: Float32Array;
}

/** How to build a training graph. */
export interface TrainingGraphOptions extends EvaluationOptions, SgdOptions {
  /** The number of steps per call. With 1 the graph is a plain step, with more it is a `Loop`. */
  readonly stepsPerCall: number;
}

/** The shapes of a step's dropout masks by name: uint8, `[N, C]`. */
export type MaskShapes = ReadonlyMap<DropoutName, readonly number[]>;

/** Returns the name of a dropout mask's input. */
export const maskInput = (name: DropoutName) => `${name}/mask` as const;

/** The facts about a network that are known before its training graph is built. */
export interface TrainingPlan {
  /** The shapes of the parameters by name, in network order. */
  readonly shapes: ReadonlyMap<string, readonly number[]>;
  readonly layout: StateLayout;
  readonly masks: MaskShapes;
}

/** Walks the network once to find its parameters and masks. */
export function planTraining({ batchSize, cropSize, classes, width }: TrainingShape): TrainingPlan {
  const shapes = new Map<string, readonly number[]>();
  const masks = new Map<DropoutName, readonly number[]>();
  const graph = new GraphBuilder('plan');
  const layers = new Layers(graph, (name, shape) => {
    shapes.set(name, sizesOf(shape));
    return { name, dtype: 'float32', shape };
  });
  const photos = graph.input('photos', 'float32', [batchSize, 1, cropSize, cropSize]);
  const maskSource = (name: DropoutName, shape: Shape): Value => {
    masks.set(name, sizesOf(shape));
    return { name, dtype: 'uint8', shape };
  };
  googLeNetForTraining(layers, photos, maskSource, { classes, width });
  return { shapes, layout: stateLayout(shapes), masks };
}

/** What a gradient is computed from. */
interface GradientValues {
  /** uint8 `[N, 1, cropSize, cropSize]`. */
  readonly photos: Value;
  readonly places: CropPlaces;
  /** `[N, classes]`, see {@link softmaxCrossEntropy}. */
  readonly targets: Value;
  readonly masks: ReadonlyMap<DropoutName, Value>;
}

type GroupRows = Readonly<Record<ParameterGroup, Value>>;

/** The values that a step reads and changes. They are the graph's inputs, or the inputs of a Loop iteration. */
interface StepValues extends GradientValues {
  /** A scalar. */
  readonly learningRate: Value;
  readonly parameters: GroupRows;
  readonly momenta: GroupRows;
}

type StateValues = Pick<StepValues, 'parameters' | 'momenta'>;

/** What is known before the update. */
interface Figures {
  /** `[heads]`: each classifier's unweighted loss, the main one first. */
  readonly losses: Value;
  /** `[N, classes]`: the main classifier's logits. */
  readonly logits: Value;
}

/**
 * Adds the forward pass, the loss and the backward pass of some photos of a batch. The losses and gradients of all parts
 * of a batch add up to those of the batch.
 *
 * @param parameters the parameters by name.
 * @param batchSize the number of photos in the whole batch.
 */
export function addGradients(
  graph: GraphBuilder,
  options: EvaluationOptions,
  { layout }: TrainingPlan,
  parameters: ReadonlyMap<string, Value>,
  given: GradientValues,
  batchSize: number,
): Figures & { readonly gradients: GroupRows } {
  const layers = new Layers(graph, (name) => parameters.get(name)!);
  const photos = centerCrops(graph, given.photos, given.places, options.mean);
  const heads = googLeNetForTraining(layers, photos, (name) => given.masks.get(name)!, options);
  const losses = heads.map(({ logits }) => softmaxCrossEntropy(graph, logits, given.targets, batchSize));
  const seeds = heads.map(({ name }, index) => ({ value: losses[index]!, gradient: graph.scalar(LOSS_WEIGHTS[name]) }));
  const names = [...parameters.keys()];
  const found = backward(graph, seeds, [...parameters.values()]);
  const gradients = new Map(names.map((name, index) => [name, found[index]!]));
  return {
    losses: concat(
      graph,
      losses.map((loss) => reshape(graph, loss, [1])),
      0,
    ),
    logits: heads[0].logits,
    gradients: eachGroup((group) => joinGradients(graph, layout[group], gradients)),
  };
}

/** Adds the update of the state. */
export function addUpdate(
  graph: GraphBuilder,
  options: SgdOptions,
  { parameters, momenta, learningRate }: Pick<StepValues, 'parameters' | 'momenta' | 'learningRate'>,
  gradients: GroupRows,
): StateValues {
  const updated = eachGroup((group) => {
    const state = { parameters: parameters[group], momenta: momenta[group] };
    return sgdStep(graph, group, state, gradients[group], learningRate, options);
  });
  return {
    parameters: eachGroup((group) => updated[group].parameters),
    momenta: eachGroup((group) => updated[group].momenta),
  };
}

/** Adds a step: gradients of a whole batch, and the update. */
function addStep(
  graph: GraphBuilder,
  options: TrainingGraphOptions,
  plan: TrainingPlan,
  given: StepValues,
): Figures & StateValues {
  const parameters = cutParameters(graph, plan.layout, given.parameters);
  const { gradients, ...figures } = addGradients(graph, options, plan, parameters, given, options.batchSize);
  return { ...figures, ...addUpdate(graph, options, given, gradients) };
}

/** Names, types and shapes of a step's inputs. The state has the same names in each step. */
export function stepShapes({ batchSize, cropSize, classes }: TrainingShape, { layout, masks }: TrainingPlan) {
  return {
    data: [
      { name: 'photos', dtype: 'uint8', shape: [batchSize, 1, cropSize, cropSize] },
      { name: 'origins', dtype: 'int32', shape: [batchSize] },
      { name: 'directions', dtype: 'int32', shape: [batchSize] },
      { name: 'targets', dtype: 'float32', shape: [batchSize, classes] },
      ...[...masks].map(([name, shape]) => ({ name: maskInput(name), dtype: 'uint8', shape }) as const),
    ] satisfies Value[],
    learningRate: { name: 'learning_rate', dtype: 'float32', shape: [] } satisfies Value,
    state: GROUPS.flatMap((group) => [
      { name: group, dtype: 'float32', shape: layout[group].shape },
      { name: `${group}_momenta`, dtype: 'float32', shape: layout[group].shape },
    ]) satisfies Value[],
  };
}

/** Looks up what a gradient is computed from by its names from {@link stepShapes}. */
export function gradientValues(values: ReadonlyMap<string, Value>, { masks }: TrainingPlan): GradientValues {
  const named = (name: string) => values.get(name)!;
  return {
    photos: named('photos'),
    places: { origins: named('origins'), directions: named('directions') },
    targets: named('targets'),
    masks: new Map([...masks.keys()].map((name) => [name, named(maskInput(name))])),
  };
}

/** Looks up a step's values by their names from {@link stepShapes}. */
function stepValues(values: ReadonlyMap<string, Value>, plan: TrainingPlan): StepValues {
  const named = (name: string) => values.get(name)!;
  return {
    ...gradientValues(values, plan),
    learningRate: named('learning_rate'),
    parameters: { weights: named('weights'), biases: named('biases') },
    momenta: { weights: named('weights_momenta'), biases: named('biases_momenta') },
  };
}

const stateOf = ({ parameters, momenta }: StateValues) =>
  GROUPS.flatMap((group) => [parameters[group], momenta[group]]);

/**
 * Builds a training step as one standard ONNX model, from state and data to the next state and losses.
 *
 *     photos         uint8   [N, 1, cropSize, cropSize]   weights, weights_momenta   float32 [nW / 64, 64]
 *     targets        float32 [N, classes]                 biases, biases_momenta     float32 [nB / 2, 2]
 *     origins        int32   [N]                          directions                 int32   [N]
 *     learning_rate  float32 []                           loss1/drop_fc/mask, …      uint8   [N, C], three
 *
 *     losses         float32 [3]                          the four state tensors, prefixed with `next_`
 *     logits         float32 [N, classes]
 *
 * With several steps per call, data, losses and logits have the steps as their first axis, and a `Loop` carries the
 * state from step to step. The results are bit for bit those of single calls, but the state stays on the device in
 * between. JavaScript can't bind CUDA memory, so every call copies the whole state to the GPU and back.
 */
export function buildTrainingModel(options: TrainingGraphOptions): Uint8Array {
  const plan = planTraining(options);
  const graph = new GraphBuilder('training');
  const { data: ofGradients, learningRate, state } = stepShapes(options, plan);
  const data = [...ofGradients, learningRate];
  const stateInputs = state.map(({ name, shape }) => graph.input(name, 'float32', shape));
  const steps = options.stepsPerCall;
  const asStack = steps > 1 ? [steps] : [];
  const dataInputs = data.map(({ name, dtype, shape }) => graph.input(name, dtype, [...asStack, ...shape]));
  let outputs: readonly Value[]; // the state, the losses, the logits
  if (steps === 1) {
    const values = new Map([...dataInputs, ...stateInputs].map((value) => [value.name, value]));
    const result = addStep(graph, options, plan, stepValues(values, plan));
    outputs = [...stateOf(result), result.losses, result.logits];
  } else {
    const body = new GraphBuilder('step', 'step/');
    const iteration = body.input('iteration', 'int64', []);
    const condition = body.input('condition', 'bool', []);
    const carried = state.map(({ name, shape }) => [name, body.input(name, 'float32', shape)] as const);
    const taken = data.map(
      ({ name }, index) => [name, body.apply('Gather', [dataInputs[index]!, iteration], { axis: 0 }, name)] as const,
    );
    const result = addStep(body, options, plan, stepValues(new Map([...taken, ...carried]), plan));
    body.output(condition, 'condition_out');
    for (const [index, value] of stateOf(result).entries()) body.output(value, `next_${state[index]!.name}`);
    body.output(result.losses, 'losses');
    body.output(result.logits, 'logits');
    const always = graph.constant('always', 'bool', [], [1]);
    const tripCount = graph.constant('trip_count', 'int64', [], [steps]);
    outputs = graph.applyAll('Loop', [tripCount, always, ...stateInputs], { body: body.build() });
  }
  const names = [...state.map(({ name }) => `next_${name}`), 'losses', 'logits'];
  for (const [index, name] of names.entries()) graph.output(outputs[index]!, name);
  return encodeModel(graph.build());
}

/**
 * Builds the network as it will be served, but with its parameters as inputs. Validation runs it between steps, for any
 * N.
 *
 *     photos uint8 [N, 1, cropSize, cropSize], center crops; weights, biases as above → logits float32 [N, classes]
 */
export function buildEvaluationModel({ mean, ...shape }: EvaluationOptions): Uint8Array {
  const { layout } = planTraining(shape);
  const graph = new GraphBuilder('evaluation');
  const { cropSize, classes, width } = shape;
  const rows = {
    weights: graph.input('weights', 'float32', layout.weights.shape),
    biases: graph.input('biases', 'float32', layout.biases.shape),
  };
  const parameters = cutParameters(graph, layout, rows);
  const layers = new Layers(graph, (name) => parameters.get(name)!);
  const photos = graph.input('photos', 'uint8', ['N', 1, cropSize, cropSize]);
  const features = googLeNetFeatures(layers, centerCenterCrops(graph, photos, mean), { width });
  graph.output(googLeNetClassifier(layers, features, classes).logits, 'logits');
  return encodeModel(graph.build());
}

/** Returns the number of parameters. */
export function parameterCount({ layout }: TrainingPlan): number {
  return GROUPS.reduce((sum, group) => sum + elementCount([layout[group].size]), 0);
}
