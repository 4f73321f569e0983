/** Returns the logits of one photo in a batch, `[classes]`. */
export const logitsOfRow = (logits: Float32Array, index: number, classes: number) =>
  logits.subarray(index * classes, (index + 1) * classes);

/** True if a class has the highest logit, alone. */
export const isClass = (row: Float32Array, label: number) =>
  row.every((logit, other) => other === label || logit < row[label]!);

/**
 * Returns how much of a batch gets its label: the share of the targets' weight that is on the class with the highest
 * logit. If each photo has one label and weighs 1, this is the accuracy.
 *
 * @param logits `[N, classes]`.
 * @param targets `[N, classes]`.
 */
export function accuracyOf(logits: Float32Array, targets: Float32Array, classes: number): number {
  let [correct, total] = [0, 0];
  for (const [at, target] of targets.entries()) {
    total += target;
    if (isClass(logitsOfRow(logits, Math.floor(at / classes), classes), at % classes)) correct += target;
  }
  return total === 0 ? 0 : correct / total;
}
