/** A binary classification problem: rows, each with a target and a weight. */
export interface LogisticProblem {
  /** `[n, dimensions]`. */
  readonly rows: Float64Array;
  readonly dimensions: number;
  /** `[n]`: 1 for LIKE, 0 for NOPE, and anything between for a row that is partly either. Both must occur. */
  readonly targets: ArrayLike<number>;
  /** `[n]`: the weight of each row's loss. 0 ignores the row. */
  readonly weights: ArrayLike<number>;
  /** The L2 regularization strength λ, above 0. */
  readonly strength: number;
  /**
   * Stops when the gradient's largest component is below this fraction of its largest possible value. 1e-9 by default:
   * as exact as doubles allow.
   */
  readonly tolerance?: number;
}

/** A linear classifier: a row's margin is `weights · row + bias`. */
export interface LinearHead {
  /** `[dimensions]`. */
  readonly weights: Float64Array;
  readonly bias: number;
}

/** The number of recent steps, and of changes in the gradient, that L-BFGS keeps to estimate the inverse Hessian. */
const MEMORY = 20;

const TOLERANCE = 1e-9;

/** A safeguard against an endless loop. No known problem comes close. */
const MOST_ITERATIONS = 5_000;

/**
 * Solves L2-regularized logistic regression to convergence. Minimizes
 *
 *     Σ weightᵢ · (log(1 + exp(marginᵢ)) − targetᵢ · marginᵢ) + λ/2 · |weights|²
 *
 * with an unregularized bias. Uses L-BFGS (Nocedal and Wright, algorithm 7.4) in double precision. The margins are
 * linear in the step, so a line search costs one product with the rows and then only `n` operations per try. It can
 * therefore be exact.
 *
 * @param start where to start. The solution for a similar strength is close.
 * @throws RangeError if it doesn't converge.
 */
export function fitLogistic(problem: LogisticProblem, start?: LinearHead): LinearHead {
  const { dimensions, weights: rowWeights, strength, tolerance = TOLERANCE } = problem;
  const point = new Float64Array(dimensions + 1); // the last element is the bias
  if (start) {
    point.set(start.weights);
    point[dimensions] = start.bias;
  }
  const margins = marginsOf(problem, point);
  let gradient = gradientAt(problem, point, margins);
  const enough = tolerance * largestGradient(problem);
  const steps: Float64Array[] = [];
  const changes: Float64Array[] = [];
  for (let iteration = 0; largest(gradient) > enough; iteration += 1) {
    if (iteration === MOST_ITERATIONS)
      throw new RangeError(`did not converge in ${iteration} iterations at λ ${strength}`);
    const direction = descent(gradient, steps, changes);
    const slopes = marginsOf(problem, direction);
    const length = exactLength(problem, point, direction, margins, slopes);
    const step = direction.map((part) => length * part);
    for (let index = 0; index < point.length; index += 1) point[index]! += step[index]!;
    for (let row = 0; row < rowWeights.length; row += 1) margins[row]! += length * slopes[row]!;
    const next = gradientAt(problem, point, margins);
    const change = next.map((part, index) => part - gradient[index]!);
    gradient = next;
    if (dot(step, change) <= 0) {
      steps.length = 0; // the step is lost in rounding, so the estimate starts over
      changes.length = 0;
      continue;
    }
    steps.push(step);
    changes.push(change);
    if (steps.length > MEMORY) {
      steps.shift();
      changes.shift();
    }
  }
  return { weights: point.slice(0, dimensions), bias: point[dimensions]! };
}

/** Returns the gradient's largest component at a head. It is 0 at the minimum. */
export function gradientNorm(problem: LogisticProblem, head: LinearHead): number {
  const point = Float64Array.of(...head.weights, head.bias);
  return largest(gradientAt(problem, point, marginsOf(problem, point)));
}

/** Returns every row's margin, `[n]`. */
export function marginsOfRows(rows: Float64Array, { weights, bias }: LinearHead): Float64Array {
  return products(rows, weights, bias);
}

const marginsOf = ({ rows, dimensions }: LogisticProblem, point: Float64Array) =>
  products(rows, point.subarray(0, dimensions), point[dimensions]!);

function products(rows: Float64Array, weights: Float64Array, bias: number): Float64Array {
  const dimensions = weights.length;
  const sums = new Float64Array(rows.length / dimensions);
  for (let row = 0, at = 0; row < sums.length; row += 1) {
    let sum = bias;
    for (let index = 0; index < dimensions; index += 1, at += 1) sum += rows[at]! * weights[index]!;
    sums[row] = sum;
  }
  return sums;
}

/** The derivative of a row's loss with respect to its margin. */
const lossSlope = (weight: number, target: number, margin: number) => weight * (probabilityOf(margin) - target);

const probabilityOf = (margin: number) => 1 / (1 + Math.exp(-margin));

function gradientAt(problem: LogisticProblem, point: Float64Array, margins: Float64Array): Float64Array {
  const { rows, dimensions, targets, weights, strength } = problem;
  const gradient = point.map((part, index) => (index < dimensions ? strength * part : 0));
  for (let row = 0, at = 0; row < margins.length; row += 1) {
    const factor = lossSlope(weights[row]!, targets[row]!, margins[row]!);
    gradient[dimensions]! += factor;
    for (let index = 0; index < dimensions; index += 1, at += 1) gradient[index]! += factor * rows[at]!;
  }
  return gradient;
}

/** Returns the largest possible component of the gradient: every row is wrong and pulls in the same direction. */
function largestGradient({ rows, dimensions, weights }: LogisticProblem): number {
  const sums = new Float64Array(dimensions + 1);
  for (let row = 0, at = 0; row < weights.length; row += 1) {
    sums[dimensions]! += weights[row]!;
    for (let index = 0; index < dimensions; index += 1, at += 1) sums[index]! += weights[row]! * Math.abs(rows[at]!);
  }
  return largest(sums);
}

/** Returns the descent direction from the estimated inverse Hessian: the two loops of L-BFGS. */
function descent(gradient: Float64Array, steps: Float64Array[], changes: Float64Array[]): Float64Array {
  const direction = gradient.map((part) => -part);
  const factors: number[] = [];
  for (let index = steps.length - 1; index >= 0; index -= 1) {
    const factor = dot(steps[index]!, direction) / dot(steps[index]!, changes[index]!);
    factors[index] = factor;
    addScaled(direction, changes[index]!, -factor);
  }
  const [step, change] = [steps.at(-1), changes.at(-1)];
  if (step && change) {
    const scale = dot(step, change) / dot(change, change);
    for (let index = 0; index < direction.length; index += 1) direction[index]! *= scale;
  }
  for (let index = 0; index < steps.length; index += 1) {
    const back = dot(changes[index]!, direction) / dot(steps[index]!, changes[index]!);
    addScaled(direction, steps[index]!, factors[index]! - back);
  }
  return direction;
}

/** Finds the minimum along a direction. The slope increases monotonically, so bracketed Newton steps find its zero. */
function exactLength(
  { dimensions, targets, weights, strength }: LogisticProblem,
  point: Float64Array,
  direction: Float64Array,
  margins: Float64Array,
  slopes: Float64Array,
): number {
  const [head, towards] = [point.subarray(0, dimensions), direction.subarray(0, dimensions)];
  const [along, square] = [strength * dot(head, towards), strength * dot(towards, towards)];
  let [low, high, length] = [0, Number.POSITIVE_INFINITY, 1];
  for (let attempt = 0, first = 0; attempt < 100; attempt += 1) {
    let [slope, curvature] = [along + length * square, square];
    for (let row = 0; row < margins.length; row += 1) {
      const probability = probabilityOf(margins[row]! + length * slopes[row]!);
      slope += weights[row]! * (probability - targets[row]!) * slopes[row]!;
      curvature += weights[row]! * probability * (1 - probability) * slopes[row]! ** 2;
    }
    if (attempt === 0) first = Math.abs(slope);
    if (Math.abs(slope) <= 1e-3 * first && attempt > 0) break;
    if (slope < 0) low = length;
    else high = length;
    const newton = length - slope / curvature;
    if (newton > low && newton < high) length = newton;
    else length = high === Number.POSITIVE_INFINITY ? 2 * length : (low + high) / 2;
    if (high - low <= 1e-15 * high) break;
  }
  return length;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index += 1) sum += a[index]! * b[index]!;
  return sum;
}

function addScaled(into: Float64Array, other: Float64Array, scale: number): void {
  for (let index = 0; index < into.length; index += 1) into[index]! += scale * other[index]!;
}

const largest = (parts: Float64Array) => parts.reduce((most, part) => Math.max(most, Math.abs(part)), 0);
