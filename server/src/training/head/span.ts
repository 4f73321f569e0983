/** Rows as coordinates in the subspace that they span. */
export interface Span {
  /** `[n, rank]`: the coordinates of the rows. */
  readonly coordinates: Float64Array;
  readonly rank: number;
  /** `[rank, dimensions]`: an orthonormal basis of the subspace. */
  readonly basis: Float64Array;
}

/** A row depends linearly on the earlier ones if less than this fraction of its length remains. */
const DEPENDENT = 1e-10;

/**
 * Computes an orthonormal basis of the span of rows by the Gram-Schmidt process, orthogonalizing each row twice ("twice
 * is enough", Giraud et al. 2005). The weights with the smallest L2 norm lie in the span. So a few hundred photos with
 * thousands of features each become a problem of a few hundred dimensions, without any loss.
 *
 * @param rows `[n, dimensions]`.
 */
export function spanOf(rows: Float64Array, dimensions: number): Span {
  const count = rows.length / dimensions;
  const found: Float64Array[] = [];
  const parts = Array.from({ length: count }, (_, row) => {
    const rest = rows.slice(row * dimensions, (row + 1) * dimensions);
    const length = Math.hypot(...rest);
    const coordinates = new Float64Array(Math.min(count, dimensions));
    for (let turn = 0; turn < 2; turn += 1) {
      for (const [index, axis] of found.entries()) {
        const along = dotOf(axis, rest);
        coordinates[index]! += along;
        for (let at = 0; at < dimensions; at += 1) rest[at]! -= along * axis[at]!;
      }
    }
    const left = Math.hypot(...rest);
    if (left > DEPENDENT * length && found.length < coordinates.length) {
      coordinates[found.length] = left;
      found.push(rest.map((part) => part / left));
    }
    return coordinates;
  });
  const rank = found.length;
  const coordinates = new Float64Array(count * rank);
  for (const [row, part] of parts.entries()) coordinates.set(part.subarray(0, rank), row * rank);
  const basis = new Float64Array(rank * dimensions);
  for (const [index, axis] of found.entries()) basis.set(axis, index * dimensions);
  return { coordinates, rank, basis };
}

/** Converts weights on coordinates to weights on the rows: `[rank]` → `[dimensions]`. */
export function fromSpan({ rank, basis }: Span, weights: Float64Array): Float64Array {
  const dimensions = basis.length / Math.max(1, rank);
  const result = new Float64Array(dimensions);
  for (let index = 0, at = 0; index < rank; index += 1) {
    for (let dimension = 0; dimension < dimensions; dimension += 1, at += 1) {
      result[dimension]! += weights[index]! * basis[at]!;
    }
  }
  return result;
}

function dotOf(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index += 1) sum += a[index]! * b[index]!;
  return sum;
}
