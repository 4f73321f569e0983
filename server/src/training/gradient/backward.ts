import type { GraphBuilder, Step } from '../../onnx/graph-builder.ts';
import type { Value } from '../../onnx/shape-inference.ts';
import { type GradientContext, NOT_DIFFERENTIABLE } from './rule.ts';
import { gradientRules } from './rules.ts';

/**
 * Reverse-mode differentiation (Linnainmaa 1970; Griewank and Walther, "Evaluating Derivatives", 3.2). Walks the steps
 * of a graph backward, and adds the operations that compute dL/dx from dL/dy for each step. If several steps read a
 * value, their gradients are summed.
 *
 * @param seeds the values where the walk starts, each with its dL/d(value).
 * @param wanted the values to compute gradients for.
 * @returns dL/d(value) for each wanted value, in its shape.
 * @throws RangeError if a wanted value reaches no seed, or only through an operator without a gradient.
 */
export function backward(
  graph: GraphBuilder,
  seeds: readonly { value: Value; gradient: Value }[],
  wanted: readonly Value[],
): Value[] {
  const steps = [...graph.steps]; // a copy, because the walk adds steps
  const dependent = dependents(steps, wanted);
  const contributions = new Map<string, Value[]>();
  const contribute = ({ name }: Value, gradient: Value) =>
    contributions.set(name, [...(contributions.get(name) ?? []), gradient]);
  const total = ({ name }: Value): Value | undefined => {
    const [first, ...others] = contributions.get(name) ?? [];
    if (!first || others.length === 0) return first;
    const sum = others.reduce((one, other) => graph.apply('Add', [one, other]), first);
    contributions.set(name, [sum]);
    return sum;
  };

  for (const { value, gradient } of seeds) contribute(value, gradient);
  for (const step of steps.reverse()) {
    const [y] = step.outputs;
    if (!y || !dependent.has(y.name)) continue;
    const dy = total(y);
    if (!dy) continue;
    const wants = (input: number) => dependent.has(step.inputs[input]?.name ?? '');
    const gradients = applyRule({ graph, step, dy, wants });
    for (const [index, gradient] of gradients.entries()) {
      if (gradient && wants(index)) contribute(step.inputs[index]!, gradient);
    }
  }
  return wanted.map((value) => {
    const gradient = total(value);
    if (!gradient) throw new RangeError(`no seed depends on ${value.name}`);
    return gradient;
  });
}

/** Returns the names of the wanted values and of all values that depend on them. */
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
