import { Layers } from '../../googlenet/layers.ts';
import { googLeNetClassifier, googLeNetFeatures } from '../../googlenet/network.ts';
import { type DropoutName, googLeNetForTraining, LOSS_WEIGHTS } from '../../googlenet/training-form.ts';
import { encodeModel, GraphBuilder } from '../../onnx/graph-builder.ts';
import { concat, reshape, split } from '../../onnx/operations.ts';
import { elementCount, type Shape, sizesOf, type Value } from '../../onnx/shape-inference.ts';
import { backward } from '../gradient/backward.ts';
import { softmaxCrossEntropy } from './loss.ts';
import { type ParameterGroup, type SgdOptions, sgdStep } from './optimizer.ts';
import { GROUPS, type StateLayout, stateLayout } from './state-layout.ts';

/** The sizes of what is trained. */
export interface TrainingShape {
  /** Photos in a batch. */
  readonly batchSize: number;
  /** Side of a photo in pixels, 224 for GoogLeNet itself. */
  readonly cropSize: number;
  readonly classes: number;
  /** Share of the paper's filters, 1 for GoogLeNet itself. */
  readonly width: number;
}

/** What a training graph is built for. */
export interface TrainingGraphOptions extends TrainingShape, SgdOptions {
  /** Steps in one call: 1 gives a plain step, more give a `Loop` of them. */
  readonly stepsPerCall: number;
}

/** The dropout masks a step takes, by name: uint8, `[N, C]`. */
export type MaskShapes = ReadonlyMap<DropoutName, readonly number[]>;

/** The input that a dropout's mask comes in by. */
export const maskInput = (name: DropoutName) => `${name}/mask` as const;

/** What is known of a network for training before its graph is built. */
export interface TrainingPlan {
  /** The parameters' shapes by name, in the order of the network. */
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

/** What one step reads and changes; in the graph of one step its inputs, in a Loop what a turn has of them. */
interface StepValues {
  /** `[N, 1, cropSize, cropSize]`, mean subtracted. */
  readonly photos: Value;
  /** `[N, classes]`, 1 at the label. */
  readonly targets: Value;
  /** A scalar. */
  readonly learningRate: Value;
  readonly masks: ReadonlyMap<DropoutName, Value>;
  readonly parameters: Readonly<Record<ParameterGroup, Value>>;
  readonly momenta: Readonly<Record<ParameterGroup, Value>>;
}

type StateValues = Pick<StepValues, 'parameters' | 'momenta'>;

/** What one step gives. */
interface StepResult extends StateValues {
  /** `[heads]`: each head's own loss, not yet weighed; the main one first. */
  readonly losses: Value;
  /** `[N, classes]`: the main head's. */
  readonly logits: Value;
}

/** Forward, loss, backward and update. */
function addStep(
  graph: GraphBuilder,
  options: TrainingGraphOptions,
  plan: TrainingPlan,
  given: StepValues,
): StepResult {
  const parameters = cutParameters(graph, plan.layout, given.parameters);
  const layers = new Layers(graph, (name) => parameters.get(name)!);
  const heads = googLeNetForTraining(layers, given.photos, (name) => given.masks.get(name)!, options);
  const losses = heads.map(({ logits }) => softmaxCrossEntropy(graph, logits, given.targets));
  const seeds = heads.map(({ name }, index) => ({ value: losses[index]!, gradient: graph.scalar(LOSS_WEIGHTS[name]) }));
  const names = [...parameters.keys()];
  const found = backward(graph, seeds, [...parameters.values()]);
  const gradients = new Map(names.map((name, index) => [name, found[index]!]));
  const updated = GROUPS.map((group) => {
    const rows = plan.layout[group].places.map(({ name, size }) => reshape(graph, gradients.get(name)!, [size]));
    const state = { parameters: given.parameters[group], momenta: given.momenta[group] };
    return sgdStep(graph, group, state, concat(graph, rows, 0), given.learningRate, options);
  });
  const byGroup = (values: readonly Value[]) =>
    Object.fromEntries(GROUPS.map((group, index) => [group, values[index]])) as StateValues['parameters'];
  return {
    losses: concat(
      graph,
      losses.map((loss) => reshape(graph, loss, [1])),
      0,
    ),
    logits: heads[0].logits,
    parameters: byGroup(updated.map((state) => state.parameters)),
    momenta: byGroup(updated.map((state) => state.momenta)),
  };
}

function cutParameters(
  graph: GraphBuilder,
  layout: StateLayout,
  rows: Readonly<Record<ParameterGroup, Value>>,
): Map<string, Value> {
  return new Map(
    GROUPS.flatMap((group) => {
      const { places } = layout[group];
      const parts = split(
        graph,
        rows[group],
        0,
        places.map(({ size }) => size),
      );
      return places.map(({ name, shape }, index) => [name, reshape(graph, parts[index]!, shape)] as const);
    }),
  );
}

/** Names and shapes of what a step takes, all float32 but the masks. The state keeps its names from step to step. */
function stepShapes({ batchSize, cropSize, classes }: TrainingShape, { layout, masks }: TrainingPlan) {
  return {
    data: [
      { name: 'photos', dtype: 'float32', shape: [batchSize, 1, cropSize, cropSize] },
      { name: 'targets', dtype: 'float32', shape: [batchSize, classes] },
      { name: 'learning_rate', dtype: 'float32', shape: [] },
      ...[...masks].map(([name, shape]) => ({ name: maskInput(name), dtype: 'uint8', shape }) as const),
    ] satisfies Value[],
    state: GROUPS.flatMap((group) => [
      { name: group, dtype: 'float32', shape: [layout[group].size] },
      { name: `${group}_momenta`, dtype: 'float32', shape: [layout[group].size] },
    ]) satisfies Value[],
  };
}

/** Values by their names in {@link stepShapes} → as a step reads them. */
function stepValues(values: ReadonlyMap<string, Value>, { masks }: TrainingPlan): StepValues {
  const named = (name: string) => values.get(name)!;
  return {
    photos: named('photos'),
    targets: named('targets'),
    learningRate: named('learning_rate'),
    masks: new Map([...masks.keys()].map((name) => [name, named(maskInput(name))])),
    parameters: { weights: named('weights'), biases: named('biases') },
    momenta: { weights: named('weights_momenta'), biases: named('biases_momenta') },
  };
}

const stateOf = ({ parameters, momenta }: StateValues) =>
  GROUPS.flatMap((group) => [parameters[group], momenta[group]]);

/**
 * A training step as one standard ONNX model: state and data in, state and losses out.
 *
 *     photos         float32 [N, 1, cropSize, cropSize]   weights, weights_momenta   float32 [nW]
 *     targets        float32 [N, classes]                 biases, biases_momenta     float32 [nB]
 *     learning_rate  float32 []                           loss1/drop_fc/mask, …      uint8   [N, C], three
 *
 *     losses         float32 [3]                          the state's four, under names that begin with `next_`
 *     logits         float32 [N, classes]
 *
 * With more than one step in a call, data, losses and logits have the steps as a first axis, and the steps are turns of
 * a `Loop` that carries the state: bit for bit what as many calls would do, but the state stays on the device between
 * them (JavaScript cannot bind CUDA memory, so each call moves the whole state there and back).
 */
export function buildTrainingModel(options: TrainingGraphOptions): Uint8Array {
  const plan = planTraining(options);
  const graph = new GraphBuilder('training');
  const { data, state } = stepShapes(options, plan);
  const stateInputs = state.map(({ name, shape }) => graph.input(name, 'float32', shape));
  const steps = options.stepsPerCall;
  const asStack = steps > 1 ? [steps] : [];
  const dataInputs = data.map(({ name, dtype, shape }) => graph.input(name, dtype, [...asStack, ...shape]));
  let outputs: readonly Value[]; // the state, losses, logits
  if (steps === 1) {
    const values = new Map([...dataInputs, ...stateInputs].map((value) => [value.name, value]));
    const result = addStep(graph, options, plan, stepValues(values, plan));
    outputs = [...stateOf(result), result.losses, result.logits];
  } else {
    const body = new GraphBuilder('step', 'step/');
    const turn = body.input('turn', 'int64', []);
    const goOn = body.input('go_on', 'bool', []);
    const carried = state.map(({ name, shape }) => [name, body.input(name, 'float32', shape)] as const);
    const taken = data.map(
      ({ name }, index) => [name, body.apply('Gather', [dataInputs[index]!, turn], { axis: 0 }, name)] as const,
    );
    const result = addStep(body, options, plan, stepValues(new Map([...taken, ...carried]), plan));
    body.output(goOn, 'goes_on');
    for (const [index, value] of stateOf(result).entries()) body.output(value, `next_${state[index]!.name}`);
    body.output(result.losses, 'losses');
    body.output(result.logits, 'logits');
    const always = graph.constant('always', 'bool', [], [1]);
    const turns = graph.constant('turns', 'int64', [], [steps]);
    outputs = graph.applyAll('Loop', [turns, always, ...stateInputs], { body: body.build() });
  }
  const names = [...state.map(({ name }) => `next_${name}`), 'losses', 'logits'];
  for (const [index, name] of names.entries()) graph.output(outputs[index]!, name);
  return encodeModel(graph.build());
}

/**
 * The network as it will be served, with its parameters as inputs: what validation runs between steps.
 *
 *     photos float32 [N, 1, cropSize, cropSize], weights, biases as above → logits float32 [N, classes]
 *
 * for any N.
 */
export function buildEvaluationModel(shape: TrainingShape): Uint8Array {
  const { layout } = planTraining(shape);
  const graph = new GraphBuilder('evaluation');
  const { cropSize, classes, width } = shape;
  const rows = {
    weights: graph.input('weights', 'float32', [layout.weights.size]),
    biases: graph.input('biases', 'float32', [layout.biases.size]),
  };
  const parameters = cutParameters(graph, layout, rows);
  const layers = new Layers(graph, (name) => parameters.get(name)!);
  const photos = graph.input('photos', 'float32', ['N', 1, cropSize, cropSize]);
  const features = googLeNetFeatures(layers, photos, { width });
  graph.output(googLeNetClassifier(layers, features, classes).logits, 'logits');
  return encodeModel(graph.build());
}

/** How many parameters a plan has. */
export function parameterCount({ layout }: TrainingPlan): number {
  return GROUPS.reduce((sum, group) => sum + elementCount([layout[group].size]), 0);
}
