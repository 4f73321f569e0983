import type { Fusion, GraphBuilder, Node, Step } from '../../onnx/graph-builder.ts';
import type { Op, Value } from '../../onnx/shape-inference.ts';

/** Operators without a rule, each with the reason why the loss never depends on a parameter through one. */
export const NOT_DIFFERENTIABLE = {
  Cast: 'makes numbers of photos and masks, which are no parameters',
  Gather: 'takes a turn’s part of what goes into the Loop',
  QLinearConv: 'int8 models are made of trained ones and do not learn',
  QuantizeLinear: 'as QLinearConv',
  DequantizeLinear: 'as QLinearConv',
  Equal: 'a truth value has no slope',
  Greater: 'a truth value has no slope',
  LRN: 'training takes the fused LocalResponseNorm, whose parts are faster',
  Loop: 'a turn of it is a whole step; nothing is differentiated through several',
  Split: 'cuts the state into parameters, before anything depends on them',
  ConstantOfShape: 'depends on nothing',
  ConvTranspose: 'only in gradients, which are not differentiated again',
  Expand: 'only in gradients',
  Pad: 'only in gradients',
  ScatterElements: 'only in gradients',
  Slice: 'only in gradients',
  Transpose: 'only in gradients',
} as const satisfies Partial<Record<Op, string>>;

/** Every operator and fused function that the loss may depend on a parameter through. */
export type DifferentiableOp = Exclude<Op, keyof typeof NOT_DIFFERENTIABLE> | Fusion['op'];

/** A step of one operator. */
type StepOf<Name extends DifferentiableOp> = Name extends Fusion['op'] ? Fusion : Node;

/** What a rule is given: a step y = f(x₀, x₁, …) and dL/dy. */
export interface GradientContext<S extends Step = Step> {
  /** Where the rule adds its operations. */
  readonly graph: GraphBuilder;
  readonly step: S;
  /** dL/dy, of y's shape. */
  readonly dy: Value;
  /** False where nothing asks for the gradient of that input: the rule may leave it out. */
  readonly wants: (input: number) => boolean;
}

/** Gives dL/dx for each input, of its shape; `undefined` where it is not wanted or zero everywhere. */
export type GradientRule<Name extends DifferentiableOp = DifferentiableOp> = (
  backward: GradientContext<StepOf<Name>>,
) => readonly (Value | undefined)[];
