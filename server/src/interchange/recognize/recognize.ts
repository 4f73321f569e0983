import { CROP_SIZE } from '@swipenet/shared/photo.ts';
import { CommandError } from '../../command-error.ts';
import { Layers, type LrnForm } from '../../googlenet/layers.ts';
import { googLeNetClassifier, googLeNetFeatures } from '../../googlenet/network.ts';
import type { WeightTensor } from '../../googlenet/weights.ts';
import { GraphBuilder, type Node } from '../../onnx/graph-builder.ts';
import { type Shape, sizesOf, type Value } from '../../onnx/shape-inference.ts';
import {
  type ForeignConstant,
  type ForeignGraph,
  type ForeignNode,
  type ForeignValue,
  isConstant,
} from './foreign-graph.ts';
import { withoutLeadingOnes } from './new-shape.ts';
import { type NormalizationParameters, normalizedFrom } from './normalization.ts';
import { type Counterpart, counterpartOf, type FindNormalization, holdsNumbers } from './operators.ts';

/** A GoogLeNet found in a foreign graph. */
export interface RecognizedNetwork {
  /** By Caffe's names, in the network's order. */
  readonly weights: ReadonlyMap<string, WeightTensor>;
  /** What the graph subtracts from its input, if anything: one level, one per channel, or an image. */
  readonly mean: Float32Array | undefined;
  /** What the graph divides its logits by. */
  readonly temperature: number;
}

/** How many nodes to try. A GoogLeNet takes a few hundred, but a deliberately ambiguous graph could take any number. */
const MAX_TRIES = 5_000;

/** How many values to try as the beginning of a normalization of several nodes. A GoogLeNet has two. */
const MAX_NORMALIZATIONS = 4;

/** How many differing candidates an error names. */
const MAX_DIFFERENCES = 3;

/**
 * Finds GoogLeNet in an untrusted graph. Walks it from its input, in parallel with our own network from network.ts. For
 * each of our nodes, it looks for a node that reads the same value and computes the same. If several match (three
 * branches of an inception module begin alike), it tries them in turn and backtracks. Names don't matter, and neither
 * does anything else the graph computes, such as auxiliary classifiers or evidence.
 *
 * @param width share of the paper's filters, as in {@link googLeNetFeatures}.
 * @throws CommandError `weights_invalid`, naming the first node or tensor that differs from GoogLeNet.
 */
export function recognize(graph: ForeignGraph, width = 1): RecognizedNetwork {
  const [input] = graph.inputs;
  if (!input || graph.inputs.length > 1) {
    throw new CommandError('weights_invalid', `the graph has ${graph.inputs.length} inputs, but GoogLeNet has one`);
  }
  const channelsFirst = withChannelsFirst(input);
  const subtraction = channelsFirst.consumers.find(({ op, inputs }) => op === 'Sub' && isConstant(inputs[1]));
  const photos = subtraction?.output ?? channelsFirst;
  const walks = (['op', 'band'] as const).map((form) => new Walk(ownGraph(channelsOf(photos), width, form), photos));
  const match = walks.find((walk) => walk.matchesFrom());
  if (!match) {
    const furthest = walks.toSorted((a, b) => b.layers - a.layers)[0]!;
    throw new CommandError('weights_invalid', `the graph is not a GoogLeNet: ${furthest.difference}`);
  }
  const mean = subtraction?.inputs[1];
  const division = match.logits.consumers.find(({ op, inputs }) => op === 'Div' && isConstant(inputs[1]));
  const divisor = division?.inputs[1];
  return {
    weights: match.weights(),
    mean: isConstant(mean) ? mean.numbers() : undefined,
    temperature: isConstant(divisor) ? temperatureOf(divisor) : 1,
  };
}

/**
 * Skips the node that moves the channels of TensorFlow's photos `[N, 224, 224, C]` to the front. It is a `Reshape` if
 * there is only one channel.
 */
function withChannelsFirst(input: ForeignValue): ForeignValue {
  const moved = input.consumers.find(({ op, inputs: [, target], attribute }) => {
    if (op === 'Transpose') return attribute('perm')?.ints?.join() === '0,3,1,2';
    const sizes = op === 'Reshape' && isConstant(target) && target.shape[0] === 4 ? [...target.numbers()] : [];
    return sizes.slice(1).join() === `1,${CROP_SIZE},${CROP_SIZE}`;
  });
  return moved?.output ?? input;
}

function temperatureOf(divisor: ForeignConstant): number {
  const numbers = divisor.numbers();
  if (numbers.length === 1) return numbers[0]!;
  throw new CommandError('weights_invalid', `the graph divides the logits by ${numbers.length} numbers, not by one`);
}

/** The number of channels of the first convolution. Defaults to 3, so that the walk can report it as missing. */
function channelsOf(photos: ForeignValue): number {
  const weight = photos.consumers.find(({ op }) => op === 'Conv')?.inputs[1];
  return isConstant(weight) && weight.shape[1] === 1 ? 1 : 3;
}

/** Our network as the walk needs it. */
interface OwnGraph {
  readonly nodes: readonly Node[];
  readonly photos: Value;
  /** Returns the numbers of a constant, or `undefined` for any other value. */
  readonly numbersOf: (value: Value) => readonly number[] | undefined;
  /**
   * The shapes of the learned tensors, in order. A first size of -1 is the number of classes, which the file decides.
   */
  readonly parameters: ReadonlyMap<string, readonly number[]>;
}

function ownGraph(channels: number, width: number, form: LrnForm): OwnGraph {
  const graph = new GraphBuilder('own');
  const parameters = new Map<string, readonly number[]>();
  const source = (name: string, shape: Shape) => {
    parameters.set(name, name.startsWith('loss3/') ? [-1, ...sizesOf(shape).slice(1)] : sizesOf(shape));
    return { name, dtype: 'float32', shape } as const;
  };
  const layers = new Layers(graph, source, form);
  const photos = graph.input('photos', 'float32', ['N', channels, CROP_SIZE, CROP_SIZE]);
  googLeNetClassifier(layers, googLeNetFeatures(layers, photos, { width }), 1);
  return { nodes: graph.build().nodes, photos, numbersOf: (value) => graph.numbersOf(value), parameters };
}

/** One attempt to find a network in a graph. */
class Walk {
  readonly #own: OwnGraph;
  /** Maps our graph's values to the foreign graph's. */
  readonly #bound = new Map<string, ForeignValue>();
  readonly #tensors = new Map<string, ForeignConstant>();
  readonly #taken = new Set<ForeignNode>();
  /** Where a normalization that begins at a value ends. Finding out takes time, so it happens once per value. */
  readonly #normalizations = new Map<ForeignValue, ForeignValue | undefined>();
  readonly #flat = new Set<ForeignValue>();
  #tries = 0;
  /** The largest number of our nodes found so far, and why the next one isn't found, in words. */
  furthest = -1;
  difference = '';
  /** How many of these nodes have parameters: each way to write a normalization has another number of nodes. */
  get layers(): number {
    return this.#own.nodes
      .slice(0, this.furthest)
      .filter(({ inputs }) => inputs.some(({ name }) => this.#own.parameters.has(name))).length;
  }

  constructor(own: OwnGraph, photos: ForeignValue) {
    this.#own = own;
    this.#bound.set(own.photos.name, photos);
  }

  /** Their value for our logits, after a match. */
  get logits(): ForeignValue {
    return this.#bound.get(this.#own.nodes.at(-1)!.outputs[0]!.name)!;
  }

  /** Their tensors under our names, after a match. */
  weights(): Map<string, WeightTensor> {
    return new Map(
      [...this.#own.parameters.keys()].map((name) => {
        const { shape, numbers } = this.#tensors.get(name)!;
        return [name, { shape: withoutLeadingOnes(shape, this.#own.parameters.get(name)!.length), data: numbers() }];
      }),
    );
  }

  /** Whether the graph has counterparts for our nodes from `index` on. Records them on the way. */
  matchesFrom(index = 0): boolean {
    const node = this.#own.nodes[index];
    if (!node) return true;
    const reader = this.#bound.get(node.inputs.find(({ name }) => this.#bound.has(name))!.name)!;
    if (node.op === 'Flatten' && this.#flat.has(reader)) {
      this.#bound.set(node.outputs[0]!.name, reader);
      return this.matchesFrom(index + 1);
    }
    const differences: string[] = [];
    for (const candidate of reader.consumers) {
      if (this.#taken.has(candidate) || this.#tries >= MAX_TRIES) continue;
      this.#tries += 1;
      const found = counterpartOf(node, candidate, this.#findNormalization);
      const difference = typeof found === 'string' ? found : this.#inputDifference(node, found);
      if (typeof found === 'string' || difference !== undefined) {
        if (differences.length < MAX_DIFFERENCES) {
          differences.push(`${candidate.op} ${candidate.output.name}: ${difference}`);
        }
        continue;
      }
      this.#taken.add(candidate);
      if (found.isFlat) this.#flat.add(found.output);
      this.#bound.set(node.outputs[0]!.name, found.output);
      node.inputs.forEach(({ name }, place) => {
        if (this.#own.parameters.has(name)) this.#tensors.set(name, found.inputs[place] as ForeignConstant);
      });
      if (this.matchesFrom(index + 1)) return true;
      this.#taken.delete(candidate);
    }
    if (index > this.furthest) {
      this.furthest = index;
      const why = differences.length > 0 ? differences.join('; ') : 'no other node reads its input';
      this.difference = `${node.op} ${node.name} is missing (${why})`;
    }
    return false;
  }

  #findNormalization: FindNormalization = (x, { inputs, attributes }) => {
    if (!this.#normalizations.has(x) && this.#normalizations.size < MAX_NORMALIZATIONS) {
      const found = normalizedFrom(
        x,
        sizesOf(inputs[0]!.shape.slice(1)),
        attributes as unknown as NormalizationParameters,
      );
      this.#normalizations.set(x, found);
    }
    return this.#normalizations.get(x);
  };

  /** Says how a node's inputs differ from ours, in words. */
  #inputDifference(node: Node, { inputs }: Counterpart): string | undefined {
    if (inputs.length !== node.inputs.length) return `it has ${inputs.length} inputs, expected ${node.inputs.length}`;
    for (const [place, { name }] of node.inputs.entries()) {
      const found = inputs[place];
      const [bound, shape] = [this.#bound.get(name), this.#own.parameters.get(name)];
      const numbers = this.#own.numbersOf(node.inputs[place]!);
      if (bound && bound !== found) return `its input ${place} is ${found?.name}, expected ${bound.name}`;
      if (!bound && !isConstant(found)) return `the tensor ${name} is missing`;
      if (shape && !sameShape(shape, (found as ForeignConstant).shape)) {
        const [is, should] = [(found as ForeignConstant).shape, shape.map((size) => (size < 0 ? 'classes' : size))];
        return `the tensor ${name} has shape [${is}], expected [${should}]`;
      }
      if (numbers && !holdsNumbers(found as ForeignConstant, numbers)) return `${found?.name} has different numbers`;
    }
    return undefined;
  }
}

/** Whether a tensor has the wanted shape. It may have leading sizes of 1, as in Caffe's old files. */
function sameShape(wanted: readonly number[], found: readonly number[]): boolean {
  const sizes = withoutLeadingOnes(found, wanted.length);
  return wanted.length === sizes.length && wanted.every((size, axis) => size < 0 || size === sizes[axis]);
}
