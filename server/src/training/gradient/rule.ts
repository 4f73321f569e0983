import type { Fusion, GraphBuilder, Node, Step } from '../../onnx/graph-builder.ts';
import type { Op, Value } from '../../onnx/shape-inference.ts';

/** Operators without a rule, each with the reason why the loss never depends on a parameter through it. */
export const NOT_DIFFERENTIABLE = {
  Cast: 'converts photos and masks, which aren’t parameters',
  Gather: 'picks an iteration’s part of the Loop’s inputs, and the mean’s levels',
  QLinearConv: 'int8 models are made from trained ones and aren’t trained',
  QuantizeLinear: 'like QLinearConv',
  DequantizeLinear: 'like QLinearConv',
  Equal: 'booleans have no gradient',
  Greater: 'booleans have no gradient',
  LRN: 'training uses the fused LocalResponseNorm, which is faster',
  Loop: 'each iteration is a whole training step, and no gradient goes through several',
  Split: 'only splits the state into parameters, before the forward pass',
  ConstantOfShape: 'depends on nothing',
  ConvTranspose: 'only in gradients, which aren’t differentiated again',
  Expand: 'only in gradients',
  Pad: 'only in gradients',
  ScatterElements: 'only in gradients',
  Slice: 'only in gradients',
  Transpose: 'only in gradients',
} as const satisfies Partial<Record<Op, string>>;

/** Every operator and fused function through which the loss may depend on a parameter. */
export type DifferentiableOp = Exclude<Op, keyof typeof NOT_DIFFERENTIABLE> | Fusion['op'];

/** The type of a step with a given operator. */
type StepOf<Name extends DifferentiableOp> = Name extends Fusion['op'] ? Fusion : Node;

/** The input of a rule: a step y = f(x₀, x₁, …) and dL/dy. */
export interface GradientContext<S extends Step = Step> {
  /** The graph to add operations to. */
  readonly graph: GraphBuilder;
  readonly step: S;
  /** dL/dy, in y's shape. */
  readonly dy: Value;
  /** Returns false if nothing needs the gradient of that input. The rule may then leave it out. */
  readonly wants: (input: number) => boolean;
}

/** Returns dL/dx for each input, in its shape, or undefined if it isn't needed or is zero everywhere. */
export type GradientRule<Name extends DifferentiableOp = DifferentiableOp> = (
  backward: GradientContext<StepOf<Name>>,
) => readonly (Value | undefined)[];
