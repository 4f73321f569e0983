import type { GraphBuilder, Step } from '../../onnx/graph-builder.ts';
import type { Value } from '../../onnx/shape-inference.ts';
import { type GradientContext, NOT_DIFFERENTIABLE } from './rule.ts';
import { gradientRules } from './rules.ts';

/**
 * Reverse-mode differentiation (Linnainmaa 1970; Griewank and Walther, "Evaluating Derivatives", 3.2): walks the steps of
 * a graph backwards and adds, step by step, the operations that compute dL/dx from dL/dy. Where a value is read by
 * several steps, the gradients that come back from them add up.
 *
 * @param seeds values together with dL/d(value), where the walk begins.
 * @param wanted the values whose gradients are asked for.
 * @returns dL/d(value) for each wanted value, of its shape.
 * @throws RangeError where a wanted value does not reach a seed, or only through an operator that has no gradient.
 */
export function backward(
  graph: GraphBuilder,
  seeds: readonly { value: Value; gradient: Value }[],
  wanted: readonly Value[],
): Value[] {
  const steps = [...graph.steps]; // the walk itself adds more
  const dependent = dependents(steps, wanted);
  const arrived = new Map<string, Value[]>();
  const arrive = ({ name }: Value, gradient: Value) => arrived.set(name, [...(arrived.get(name) ?? []), gradient]);
  const total = ({ name }: Value): Value | undefined => {
    const [first, ...others] = arrived.get(name) ?? [];
    if (!first || others.length === 0) return first;
    const sum = graph.apply('Sum', [first, ...others]);
    arrived.set(name, [sum]);
    return sum;
  };

  for (const { value, gradient } of seeds) arrive(value, gradient);
  for (const step of steps.reverse()) {
    const [y] = step.outputs;
    if (!y || !dependent.has(y.name)) continue;
    const dy = total(y);
    if (!dy) continue;
    const wants = (input: number) => dependent.has(step.inputs[input]?.name ?? '');
    const gradients = applyRule({ graph, step, dy, wants });
    for (const [index, gradient] of gradients.entries()) {
      if (gradient && wants(index)) arrive(step.inputs[index]!, gradient);
    }
  }
  return wanted.map((value) => {
    const gradient = total(value);
    if (!gradient) throw new RangeError(`no seed depends on ${value.name}`);
    return gradient;
  });
}

/** The names of all values that depend on one of the wanted ones, themselves included. */
function dependents(steps: readonly Step[], wanted: readonly Value[]): Set<string> {
  const names = new Set(wanted.map(({ name }) => name));
  for (const { inputs, outputs } of steps) {
    if (inputs.some(({ name }) => names.has(name))) for (const { name } of outputs) names.add(name);
  }
  return names;
}

function applyRule(backward: GradientContext): readonly (Value | undefined)[] {
  const { op, name } = backward.step;
  if (op in NOT_DIFFERENTIABLE) {
    const reason = NOT_DIFFERENTIABLE[op as keyof typeof NOT_DIFFERENTIABLE];
    throw new RangeError(`${name}: ${op} has no gradient (${reason})`);
  }
  const rule = gradientRules[op as keyof typeof gradientRules] as (
    given: GradientContext,
  ) => readonly (Value | undefined)[];
  return rule(backward);
}
