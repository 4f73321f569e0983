import { seededRandom } from '@swipenet/shared/random.ts';
import { describe, expect, it } from 'vitest';
import { fitLogistic, gradientNorm, type LogisticProblem, marginsOfRows } from './logistic.ts';
import { fromSpan, spanOf } from './span.ts';

/** Rows from two overlapping clouds. */
function cloud(count: number, dimensions: number, seed: number, strength: number): LogisticProblem {
  const random = seededRandom(seed);
  const targets = Array.from({ length: count }, (_, row) => (row % 3 === 0 ? 1 : 0));
  const rows = Float64Array.from(
    { length: count * dimensions },
    (_, at) => 2 * random() - 1 + 0.3 * (2 * targets[Math.floor(at / dimensions)]! - 1),
  );
  const weights = targets.map((target) => (target === 1 ? 2 : 1));
  return { rows, dimensions, targets, weights, strength };
}

/** The oracle: Newton's method with the full Hessian, solved by elimination. It shares nothing with the code. */
function newton({ rows, dimensions: d, targets, weights, strength }: LogisticProblem): number[] {
  let point = new Array<number>(d + 1).fill(0);
  for (let turn = 0; turn < 60; turn += 1) {
    const system = Array.from({ length: d + 1 }, () => new Array<number>(d + 2).fill(0));
    for (let index = 0; index < d; index += 1) {
      system[index]![index] = strength;
      system[index]![d + 1] = strength * point[index]!;
    }
    for (let row = 0; row < targets.length; row += 1) {
      const x = [...rows.subarray(row * d, (row + 1) * d), 1];
      const probability = 1 / (1 + Math.exp(-x.reduce((sum, part, index) => sum + part * point[index]!, 0)));
      const residual = weights[row]! * (probability - targets[row]!);
      for (let a = 0; a <= d; a += 1) {
        system[a]![d + 1]! += residual * x[a]!;
        for (let b = 0; b <= d; b += 1) {
          system[a]![b]! += weights[row]! * probability * (1 - probability) * x[a]! * x[b]!;
        }
      }
    }
    const step = eliminate(system);
    const damping = turn < 10 ? 0.5 : 1;
    point = point.map((part, index) => part - damping * step[index]!);
  }
  return point;
}

function eliminate(system: number[][]): number[] {
  const size = system.length;
  for (let pivot = 0; pivot < size; pivot += 1) {
    const best = system.findIndex(
      (row, at) =>
        at >= pivot && Math.abs(row[pivot]!) === Math.max(...system.slice(pivot).map((r) => Math.abs(r[pivot]!))),
    );
    [system[pivot], system[best]] = [system[best]!, system[pivot]!];
    for (let row = 0; row < size; row += 1) {
      if (row === pivot) continue;
      const factor = system[row]![pivot]! / system[pivot]![pivot]!;
      for (let at = pivot; at <= size; at += 1) system[row]![at]! -= factor * system[pivot]![at]!;
    }
  }
  return system.map((row, index) => row[size]! / row[index]!);
}

describe('logistic regression', () => {
  it.each([1e-3, 0.1, 10, 1e4])('finds the minimum that Newton’s method finds, at λ %d', (strength) => {
    const problem = cloud(60, 5, 3, strength);
    const found = fitLogistic(problem);
    const expected = newton(problem);
    expect([...found.weights, found.bias].map((part, index) => Math.abs(part - expected[index]!))).toEqual(
      expected.map(() => expect.closeTo(0, 6)),
    );
    expect(gradientNorm(problem, found)).toBeLessThan(1e-6);
  });

  it('finds the same solution from any start', () => {
    const problem = cloud(40, 8, 5, 0.05);
    const far = { weights: new Float64Array(8).fill(30), bias: -40 };
    const [a, b] = [fitLogistic(problem), fitLogistic(problem, far)];
    for (let index = 0; index < 8; index += 1) expect(b.weights[index]).toBeCloseTo(a.weights[index]!, 6);
  });

  it('converges on separable data with almost no regularization', () => {
    const problem = { ...cloud(12, 30, 7, 1e-4), weights: new Array(12).fill(1) };
    const found = fitLogistic(problem);
    expect(
      [...marginsOfRows(problem.rows, found)].every((margin, row) => margin * (problem.targets[row]! - 0.5) > 0),
    ).toBe(true);
    expect(gradientNorm(problem, found)).toBeLessThan(1e-6);
  });

  it('ignores rows with weight 0', () => {
    const all = cloud(30, 4, 9, 0.5);
    const weights = Array.from({ length: 30 }, (_, row) => (row < 20 ? 1 : 0));
    const some = {
      ...all,
      rows: all.rows.slice(0, 80),
      targets: Array.from(all.targets).slice(0, 20),
      weights: weights.slice(0, 20),
    };
    const [a, b] = [fitLogistic({ ...all, weights }), fitLogistic(some)];
    for (let index = 0; index < 4; index += 1) expect(a.weights[index]).toBeCloseTo(b.weights[index]!, 7);
  });
});

describe('the span of rows', () => {
  it('loses nothing: a fit in its coordinates equals a fit on the rows, even with duplicate rows', () => {
    const few = cloud(15, 40, 11, 0.2);
    const rows = Float64Array.of(...few.rows, ...few.rows.subarray(0, 80));
    const problem = { ...few, rows, targets: [...Array.from(few.targets), 1, 0], weights: new Array(17).fill(1) };
    const span = spanOf(rows, 40);
    expect(span.rank).toBe(15);
    const inside = fitLogistic({ ...problem, rows: span.coordinates, dimensions: span.rank });
    const whole = fitLogistic(problem);
    for (const [index, weight] of fromSpan(span, inside.weights).entries()) {
      expect(weight).toBeCloseTo(whole.weights[index]!, 6);
    }
    expect(inside.bias).toBeCloseTo(whole.bias, 6);
  });
});
