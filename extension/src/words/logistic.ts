/** Rows of a matrix without its zeros: row `i` has `values[k]` in column `columns[k]`, for `k` from `starts[i]` to `starts[i + 1]`. */
export interface SparseRows {
  readonly starts: Int32Array;
  readonly columns: Int32Array;
  readonly values: Float64Array;
  /** How many columns the matrix has. */
  readonly width: number;
}

/** What to fit. */
export interface LogisticProblem {
  readonly rows: SparseRows;
  /** `[rows]`: whether each is positive. */
  readonly labels: readonly boolean[];
  /** `[rows]`: added to each row's logit as it is. */
  readonly offsets?: readonly number[];
  /** The weight of the squared weights, above 0. */
  readonly penalty: number;
}

/** A fitted model: the logit of a row is its offset, plus the intercept, plus the sum of its values times their weights. */
export interface LogisticFit {
  /** `[width]`. */
  readonly weights: Float64Array;
  readonly intercept: number;
}

/** The weight of the squared intercept: next to nothing, but enough if all labels are the same. */
const INTERCEPT_PENALTY = 1e-3;

const MAX_STEPS = 30;
const MAX_INNER_STEPS = 200;

/** The fit is done once no derivative is larger than this, per row. */
const TOLERANCE = 1e-7;

/**
 * Fits a logistic regression: minimizes the sum of the log losses plus half the penalty times the squared weights. The
 * problem is convex, so there is one solution. Newton's method, each step solved by conjugate gradients (Lin, Weng &
 * Keerthi 2008, "Trust region Newton method for logistic regression"), with a line search in place of a trust region.
 */
export function fitLogistic(problem: LogisticProblem): LogisticFit {
  const { rows, labels, penalty } = problem;
  const { width } = rows;
  const count = labels.length;
  const penalties = new Float64Array(width + 1).fill(penalty);
  penalties[width] = INTERCEPT_PENALTY;
  let at = new Float64Array(width + 1); // the weights, then the intercept
  let logits = logitsOf(problem, at);
  let loss = objective(problem, penalties, at, logits);
  for (let step = 0; step < MAX_STEPS; step += 1) {
    const shares = logits.map(sigmoid);
    const errors = shares.map((share, row) => share - (labels[row] ? 1 : 0));
    const gradient = transposed(rows, errors);
    for (let index = 0; index <= width; index += 1) gradient[index]! += penalties[index]! * at[index]!;
    const size = Math.sqrt(dot(gradient, gradient));
    if (size <= TOLERANCE * count) break;
    const curvatures = shares.map((share) => share * (1 - share));
    const direction = newtonDirection(rows, curvatures, penalties, gradient, Math.min(0.1, size / count) * size);
    const slope = dot(gradient, direction);
    let length = 1;
    for (;;) {
      const next = at.map((value, index) => value + length * direction[index]!);
      const nextLogits = logitsOf(problem, next);
      const nextLoss = objective(problem, penalties, next, nextLogits);
      const isEnough = nextLoss <= loss + 1e-4 * length * slope;
      if (isEnough || length < 1e-6) {
        if (!isEnough) return fitOf(at); // as good as rounding allows
        [at, logits, loss] = [next, nextLogits, nextLoss];
        break;
      }
      length /= 2;
    }
  }
  return fitOf(at);
}

const fitOf = (at: Float64Array): LogisticFit => ({ weights: at.subarray(0, -1), intercept: at.at(-1)! });

/** Returns the log loss of a logit: the negative logarithm of the probability that it gives to the label, in nats. */
export function logLoss(logit: number, label: boolean): number {
  const margin = label ? logit : -logit;
  return margin > 0 ? Math.log1p(Math.exp(-margin)) : Math.log1p(Math.exp(margin)) - margin;
}

export const sigmoid = (logit: number): number => 1 / (1 + Math.exp(-logit));

/** Solves `(Xᵀ D X + penalties) d = −gradient` until the residual is below `residual`, where `X` has a last column of ones. */
function newtonDirection(
  rows: SparseRows,
  curvatures: Float64Array,
  penalties: Float64Array,
  gradient: Float64Array,
  residual: number,
): Float64Array {
  const direction = new Float64Array(gradient.length);
  const rest = gradient.map((value) => -value);
  const along = rest.slice();
  let square = dot(rest, rest);
  for (let step = 0; step < MAX_INNER_STEPS && Math.sqrt(square) > residual; step += 1) {
    const bent = product(rows, along);
    for (let row = 0; row < bent.length; row += 1) bent[row]! *= curvatures[row]!;
    const curved = transposed(rows, bent);
    for (let index = 0; index < curved.length; index += 1) curved[index]! += penalties[index]! * along[index]!;
    const length = square / dot(along, curved);
    for (let index = 0; index < rest.length; index += 1) {
      direction[index]! += length * along[index]!;
      rest[index]! -= length * curved[index]!;
    }
    const next = dot(rest, rest);
    for (let index = 0; index < rest.length; index += 1) along[index] = rest[index]! + (next / square) * along[index]!;
    square = next;
  }
  return direction;
}

function logitsOf({ rows, offsets }: LogisticProblem, at: Float64Array): Float64Array {
  const logits = product(rows, at);
  return offsets ? logits.map((logit, row) => logit + offsets[row]!) : logits;
}

function objective({ labels }: LogisticProblem, penalties: Float64Array, at: Float64Array, logits: Float64Array) {
  let sum = 0;
  for (let index = 0; index < at.length; index += 1) sum += 0.5 * penalties[index]! * at[index]! ** 2;
  for (let row = 0; row < logits.length; row += 1) sum += logLoss(logits[row]!, labels[row]!);
  return sum;
}

/** Multiplies the rows, each with a last 1, by a vector `[width + 1]`. Returns `[rows]`. */
function product({ starts, columns, values, width }: SparseRows, vector: Float64Array): Float64Array {
  const products = new Float64Array(starts.length - 1);
  for (let row = 0; row < products.length; row += 1) {
    let sum = vector[width]!;
    for (let at = starts[row]!; at < starts[row + 1]!; at += 1) sum += values[at]! * vector[columns[at]!]!;
    products[row] = sum;
  }
  return products;
}

/** Multiplies the transposed rows by a vector `[rows]`. Returns `[width + 1]`. */
function transposed({ starts, columns, values, width }: SparseRows, vector: Float64Array): Float64Array {
  const sums = new Float64Array(width + 1);
  for (let row = 0; row < vector.length; row += 1) {
    const factor = vector[row]!;
    sums[width]! += factor;
    for (let at = starts[row]!; at < starts[row + 1]!; at += 1) sums[columns[at]!]! += values[at]! * factor;
  }
  return sums;
}

function dot(one: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < one.length; index += 1) sum += one[index]! * other[index]!;
  return sum;
}
