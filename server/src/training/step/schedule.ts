/** How the learning rate changes over a run, see {@link learningRateAt}. */
export type Policy =
  | { readonly kind: 'fixed' }
  | {
      readonly kind: 'step' /** The time between two drops, as a fraction of the run. */;
      readonly every: number;
      readonly gamma: number;
    }
  | { readonly kind: 'exp' }
  | { readonly kind: 'poly' }
  | { readonly kind: 'sigmoid' };

/** A run's learning rate schedule. */
export interface Schedule {
  readonly policy: Policy;
  /** The base learning rate. */
  readonly learningRate: number;
  /** The number of steps over which the learning rate increases linearly from 0. */
  readonly warmup: number;
  /** The number of steps of the whole run. */
  readonly steps: number;
}

/** The fraction of the base rate at the end of the `exp` policy. It determines Caffe's gamma. */
const EXP_END = 0.01;

/** The power of the `poly` policy, which makes it a parabola. */
const POLY_POWER = 2;

/**
 * The range of the sigmoid: from −6 to 6, where the rate falls from 0.998 to 0.002 of its base value.
 */
const SIGMOID_SPAN = 12;

/**
 * Returns the learning rate of a step, by the formulas in Caffe's `sgd_solver.cpp` (GetLearningRate):
 *
 *     fixed    base
 *     step     base · gamma ^ ⌊step / stepsize⌋              stepsize = every · steps
 *     exp      base · gamma ^ step                           gamma = 0.01 ^ (1 / steps)
 *     poly     base · (1 − step / steps) ^ 2
 *     sigmoid  base / (1 + exp(−gamma · (step − steps/2)))   gamma = −12 / steps
 *
 * Caffe takes the constants as settings. Here they are chosen so that a policy spans the run. During the warm-up, the
 * result is multiplied by (step + 1) / warmup.
 *
 * @param step the number of completed steps.
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

/** The policies that {@link parsePolicy} accepts, for messages. */
export const POLICY_FORMS = 'fixed, exp, poly, sigmoid, or step:PERCENT%:GAMMA as in step:33%:0.1';

/** Parses a policy: `fixed`, `exp`, `poly`, `sigmoid`, or for example `step:33%:0.1`. Otherwise returns undefined. */
export function parsePolicy(text: string): Policy | undefined {
  if (text === 'fixed' || text === 'exp' || text === 'poly' || text === 'sigmoid') return { kind: text };
  const [, percent, gamma] = /^step:(\d+(?:\.\d+)?)%:(\d*\.?\d+)$/.exec(text) ?? [];
  const policy = { kind: 'step', every: Number(percent) / 100, gamma: Number(gamma) } as const;
  const isValid = policy.every > 0 && policy.every <= 1 && policy.gamma > 0 && policy.gamma <= 1;
  return isValid ? policy : undefined;
}
