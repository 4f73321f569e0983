import { seededRandom } from '@swipenet/shared/random.ts';
import { describe, expect, it } from 'vitest';
import { fitLogistic, logLoss, type SparseRows, sigmoid } from './logistic.ts';

/** Solves a dense linear system by Gaussian elimination with pivoting. */
function solve(matrix: number[][], right: number[]): number[] {
  const rows = matrix.map((row, at) => [...row, right[at]!]);
  const size = rows.length;
  for (let column = 0; column < size; column += 1) {
    const pivot = rows
      .slice(column)
      .reduce(
        (best, row, at) => (Math.abs(row[column]!) > Math.abs(rows[best]![column]!) ? at + column : best),
        column,
      );
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    for (let row = 0; row < size; row += 1) {
      if (row === column) continue;
      const factor = rows[row]![column]! / rows[column]![column]!;
      for (let at = column; at <= size; at += 1) rows[row]![at]! -= factor * rows[column]![at]!;
    }
  }
  return rows.map((row, at) => row[size]! / row[at]!);
}

/** Iteratively reweighted least squares on a dense matrix: another algorithm, on another representation. */
function denseFit(dense: number[][], labels: boolean[], penalty: number, offsets: number[]): number[] {
  const rows = dense.map((row) => [...row, 1]);
  const width = rows[0]!.length;
  const penalties = Array.from({ length: width }, (_, at) => (at === width - 1 ? 1e-3 : penalty));
  let at = new Array<number>(width).fill(0);
  for (let step = 0; step < 100; step += 1) {
    const logits = rows.map((row, place) =>
      row.reduce((sum, value, column) => sum + value * at[column]!, offsets[place]!),
    );
    const shares = logits.map((logit) => 1 / (1 + Math.exp(-logit)));
    const bend = shares.map((share) => Math.max(share * (1 - share), 1e-12));
    // Xᵀ D X + penalties, and Xᵀ D (z − offset), where z is the working response.
    const matrix = penalties.map((own, one) =>
      penalties.map((_, other) =>
        rows.reduce((sum, row, place) => sum + row[one]! * bend[place]! * row[other]!, one === other ? own : 0),
      ),
    );
    const response = logits.map(
      (logit, place) => logit - offsets[place]! + (Number(labels[place]) - shares[place]!) / bend[place]!,
    );
    const right = penalties.map((_, one) =>
      rows.reduce((sum, row, place) => sum + row[one]! * bend[place]! * response[place]!, 0),
    );
    at = solve(matrix, right);
  }
  return at;
}

function sparse(dense: number[][]): SparseRows {
  const cells = dense.map((row) => row.flatMap((value, column) => (value === 0 ? [] : [{ value, column }])));
  const starts = new Int32Array(dense.length + 1);
  for (const [row, of] of cells.entries()) starts[row + 1] = starts[row]! + of.length;
  return {
    starts,
    columns: Int32Array.from(cells.flat(), ({ column }) => column),
    values: Float64Array.from(cells.flat(), ({ value }) => value),
    width: dense[0]!.length,
  };
}

describe('a fit', () => {
  it.each([1, 2, 3, 4, 5, 6])(
    'is what dense reweighted least squares finds, in every coefficient (problem %i)',
    (seed) => {
      const random = seededRandom(seed);
      const dense = Array.from({ length: 40 }, () =>
        Array.from({ length: 9 }, () => (random() < 0.5 ? 0 : 4 * random() - 2)),
      );
      const labels = dense.map((row) => random() < sigmoid(2 * row[0]! - row[1]! - 0.5));
      const offsets = dense.map(() => (seed % 2 === 0 ? 2 * random() - 1 : 0));
      const penalty = [0.1, 1, 10][seed % 3]!;
      const { weights, intercept } = fitLogistic({ rows: sparse(dense), labels, offsets, penalty });
      const expected = denseFit(dense, labels, penalty, offsets);
      for (const [column, value] of [...weights, intercept].entries()) expect(value).toBeCloseTo(expected[column]!, 5);
    },
  );

  it('is finite if all labels are the same, and with rows that are empty', () => {
    const { weights, intercept } = fitLogistic({
      rows: sparse([[0], [0], [1]]),
      labels: [true, true, true],
      penalty: 1,
    });
    expect([...weights, intercept].every(Number.isFinite)).toBe(true);
    expect(intercept).toBeGreaterThan(3);
  });

  it('separates what can be separated without growing beyond measure', () => {
    const { weights } = fitLogistic({
      rows: sparse([[1], [2], [-1], [-2]]),
      labels: [true, true, false, false],
      penalty: 1e-3,
    });
    expect(weights[0]).toBeGreaterThan(2);
    expect(weights[0]).toBeLessThan(20);
  });
});

it('measures the log loss without overflow', () => {
  expect(logLoss(0, true)).toBeCloseTo(Math.LN2, 12);
  expect(logLoss(2, false)).toBeCloseTo(-Math.log(1 - sigmoid(2)), 12);
  expect(logLoss(-1_000, true)).toBe(1_000);
  expect(logLoss(1_000, true)).toBe(0);
});
