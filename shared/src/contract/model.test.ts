import { expect, it } from 'vitest';
import { modelAnswerSchema } from './model.ts';
import { statusAnswerSchema } from './status.ts';

/** A response from a server that is too old to report its precision. */
const older = {
  contract: 1,
  id: 'mine',
  architecture: 'googlenet',
  classes: ['NOPE', 'LIKE'],
  sha256: 'x',
  threshold: 0.4,
  device: {
    name: 'cpu',
    executionProvider: 'CPUExecutionProvider',
    reason: 'asked for',
    engines: 1,
    threadsPerEngine: 1,
  },
};

it('reads model responses from servers that report no precision, a precision, a rule, or fields it doesn’t know', () => {
  expect(modelAnswerSchema.parse(older)).toEqual(older);
  const int8 = { ...older, id: 'mine-int8', precision: 'int8', precisionReason: 'asked for', parent: 'mine' };
  expect(modelAnswerSchema.parse(int8)).toEqual(int8);
  expect(modelAnswerSchema.parse({ ...int8, later: 1 })).toEqual(int8);
  const rule = { rule: 'profile', threshold: 0.4, largestShare: 0.7, perLogCount: 0.2 };
  expect(modelAnswerSchema.parse({ ...int8, rule })).toEqual({ ...int8, rule });
  expect(modelAnswerSchema.safeParse({ ...int8, precision: 'int4' }).success).toBe(false);
});

it('reads a status whose model has no precision', () => {
  const { model } = statusAnswerSchema.shape;
  expect(model.safeParse({ id: 'mine', sha256: 'x' }).success).toBe(true);
  expect(model.safeParse({ id: 'mine', sha256: 'x', precision: 'int8' }).success).toBe(true);
});
