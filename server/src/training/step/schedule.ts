/** How the learning rate changes over a run, as {@link learningRateAt} computes it. */
export type Policy =
  | { readonly kind: 'fixed' }
  | { readonly kind: 'step' /** Share of the run, 0 to 1. */; readonly every: number; readonly gamma: number }
  | { readonly kind: 'exp' }
  | { readonly kind: 'poly' }
  | { readonly kind: 'sigmoid' };

/** A run's learning rate. */
export interface Schedule {
  readonly policy: Policy;
  /** The base learning rate. */
  readonly learningRate: number;
  /** Steps over which the learning rate grows evenly from 0. */
  readonly warmup: number;
  /** Steps of the whole run. */
  readonly steps: number;
}

/** What the rate of the `exp` policy has become at the end, of the base rate; what Caffe calls gamma follows from it. */
const EXP_END = 0.01;

/** The power of the `poly` policy: a parabola. */
const POLY_POWER = 2;

/** The `sigmoid` policy falls through half at the middle of the run, from 0.998 to 0.002 of the base rate: ±6 at its ends. */
const SIGMOID_SPAN = 12;

/**
 * The learning rate of a step, by the formulas of Caffe's `sgd_solver.cpp` (GetLearningRate):
 *
 *     fixed    base
 *     step     base · gamma ^ ⌊step / stepsize⌋              stepsize = every · steps
 *     exp      base · gamma ^ step                           gamma = 0.01 ^ (1 / steps)
 *     poly     base · (1 − step / steps) ^ 2
 *     sigmoid  base / (1 + exp(−gamma · (step − steps/2)))   gamma = −12 / steps
 *
 * The constants that Caffe asks for are set so that a policy spans the run. During the warm-up the result
 * is multiplied by (step + 1) / warmup.
 *
 * @param step steps behind, from 0.
 */
export function learningRateAt({ policy, learningRate, warmup, steps }: Schedule, step: number): number {
  const warm = warmup > 0 ? Math.min(1, (step + 1) / warmup) : 1;
  return warm * learningRate * share(policy, step, steps);
}

function share(policy: Policy, step: number, steps: number): number {
  switch (policy.kind) {
    case 'fixed':
      return 1;
    case 'step':
      return policy.gamma ** Math.floor(step / Math.max(1, Math.round(policy.every * steps)));
    case 'exp':
      return EXP_END ** (step / steps);
    case 'poly':
      return (1 - step / steps) ** POLY_POWER;
    case 'sigmoid':
      return 1 / (1 + Math.exp((SIGMOID_SPAN / steps) * (step - steps / 2)));
  }
}

/** What {@link parsePolicy} accepts, for messages. */
export const POLICY_FORMS = 'fixed, exp, poly, sigmoid, or step:PERCENT%:GAMMA as in step:33%:0.1';

/** Parses a policy as it is typed: `fixed`, `exp`, `poly`, `sigmoid` or `step:33%:0.1`. Anything else is `undefined`. */
export function parsePolicy(text: string): Policy | undefined {
  if (text === 'fixed' || text === 'exp' || text === 'poly' || text === 'sigmoid') return { kind: text };
  const [, percent, gamma] = /^step:(\d+(?:\.\d+)?)%:(\d*\.?\d+)$/.exec(text) ?? [];
  const policy = { kind: 'step', every: Number(percent) / 100, gamma: Number(gamma) } as const;
  const isValid = policy.every > 0 && policy.every <= 1 && policy.gamma > 0 && policy.gamma <= 1;
  return isValid ? policy : undefined;
}
