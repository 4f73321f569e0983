import { CommandError } from '../../command-error.ts';

/** How the learning rate changes over a run: see {@link rateAt}. */
export type Policy =
  | { readonly kind: 'fixed' }
  | { readonly kind: 'step' /** Share of the run, 0 to 1. */; readonly every: number; readonly gamma: number }
  | { readonly kind: 'exp' }
  | { readonly kind: 'poly' }
  | { readonly kind: 'sigmoid' };

/** A run's learning rate. */
export interface Schedule {
  readonly policy: Policy;
  /** The base rate. */
  readonly rate: number;
  /** Steps over which the rate grows evenly from nothing. */
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
 *     fixed    rate
 *     step     rate · gamma ^ ⌊step / stepsize⌋            stepsize = every · steps
 *     exp      rate · gamma ^ step                         gamma = 0.01 ^ (1 / steps)
 *     poly     rate · (1 − step / steps) ^ 2
 *     sigmoid  rate / (1 + exp(−gamma · (step − steps/2)))   gamma = −12 / steps
 *
 * The constants that Caffe asks for are set so that a policy spans the run. During the warm-up the rate
 * is multiplied by (step + 1) / warmup.
 *
 * @param step steps behind, from 0.
 */
export function rateAt({ policy, rate, warmup, steps }: Schedule, step: number): number {
  const warm = warmup > 0 ? Math.min(1, (step + 1) / warmup) : 1;
  return warm * rate * share(policy, step, steps);
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

/**
 * A policy as the command line writes it: `fixed`, `exp`, `poly`, `sigmoid`, or `step:33%:0.1`.
 *
 * @throws CommandError `option_invalid`.
 */
export function parsePolicy(text: string): Policy {
  if (text === 'fixed' || text === 'exp' || text === 'poly' || text === 'sigmoid') return { kind: text };
  const [, percent, gamma] = /^step:(\d+(?:\.\d+)?)%:(\d*\.?\d+)$/.exec(text) ?? [];
  const policy = { kind: 'step', every: Number(percent) / 100, gamma: Number(gamma) } as const;
  if (policy.every > 0 && policy.every <= 1 && policy.gamma > 0 && policy.gamma <= 1) return policy;
  const expected = 'fixed, exp, poly, sigmoid, or step:PERCENT%:GAMMA as in step:33%:0.1';
  throw new CommandError('option_invalid', `--policy must be ${expected}, got ${JSON.stringify(text)}`);
}
