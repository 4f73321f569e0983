import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ModelName,
  modelNameOf,
  NO_THRESHOLDS,
  parseThresholds,
  type Thresholds,
  thresholdOf,
  withThresholdOf,
  withUnassigned,
} from './thresholds.ts';

const fraction = fc.double({ min: 0, max: 1, noNaN: true });
const name: fc.Arbitrary<ModelName> = fc.record({
  model: fc.constantFrom('mine', 'quality', 'taste-0001'),
  sha256: fc.constantFrom('a', 'b', 'c'),
});
const step = fc.record({ name, threshold: fc.option(fraction, { nil: null }) });
const keyOf = ({ model, sha256 }: ModelName) => `${model} ${sha256}`;
const allNames = ['mine', 'quality', 'taste-0001'].flatMap((model) =>
  ['a', 'b', 'c'].map((sha256) => ({ model, sha256 })),
);

/** Plays choices, and returns what is stored, with what each model should have. */
function played(steps: readonly { readonly name: ModelName; readonly threshold: number | null }[]) {
  const expected = new Map<string, number | null>();
  let thresholds: Thresholds = NO_THRESHOLDS;
  for (const { name: of, threshold } of steps) {
    thresholds = withThresholdOf(thresholds, of, threshold);
    expected.set(keyOf(of), threshold);
  }
  return { thresholds: parseThresholds(structuredClone(thresholds)), expected };
}

describe('thresholds of models', () => {
  it('bring back what was last chosen for a model, and nothing for a model that was never chosen for', () => {
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const { thresholds, expected } = played(steps);
        for (const one of allNames) expect(thresholdOf(thresholds, one)).toBe(expected.get(keyOf(one)) ?? null);
      }),
    );
  });

  it('from before they were kept per model belong to the first model, unless it has one, and to no other', () => {
    fc.assert(
      fc.property(fc.array(step), fraction, name, name, (steps, unassigned, first, later) => {
        const { thresholds, expected } = played(steps);
        const assigned = withUnassigned(withUnassigned({ ...thresholds, unassigned }, first), later);
        expect(assigned.unassigned).toBeNull();
        for (const one of allNames) {
          const before = expected.get(keyOf(one)) ?? null;
          expect(thresholdOf(assigned, one)).toBe(keyOf(one) === keyOf(first) ? (before ?? unassigned) : before);
        }
      }),
    );
  });

  it('stay within what is read again, however many models there are', () => {
    let thresholds: Thresholds = NO_THRESHOLDS;
    for (let at = 0; at < 300; at += 1) thresholds = withThresholdOf(thresholds, { model: `m${at}`, sha256: '' }, 0.5);
    expect(parseThresholds(thresholds)).toEqual(thresholds);
    expect(thresholdOf(thresholds, { model: 'm299', sha256: '' })).toBe(0.5);
    expect(thresholdOf(thresholds, { model: 'm0', sha256: '' })).toBeNull();
  });
});

it('names an int8 model like its parent, and tells models with the same ID apart', () => {
  const parent = modelNameOf({ id: 'mine', sha256: 'of the parent' });
  expect(
    modelNameOf({ id: 'mine-int8', sha256: 'of the form', parent: 'mine', parentSha256: 'of the parent' }),
  ).toEqual(parent);
  expect(modelNameOf({ id: 'mine', sha256: 'of another' })).not.toEqual(parent);
  // An older server doesn't give the parent's hash.
  expect(modelNameOf({ id: 'mine-int8', sha256: 's', parent: 'mine' })).toEqual({ model: 'mine', sha256: 's' });
});
