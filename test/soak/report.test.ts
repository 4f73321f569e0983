import { expect, it } from 'vitest';
import { formatFailures } from './report.ts';

const failure = (test: string, seed: number) => {
  const message = `Error: Property failed after 3 tests\n{ seed: ${seed}, path: "2", endOnFailure: true }\nCounterexample: [-0]`;
  return { file: 'server/src/a.test.ts', test, seed, message };
};

it('names each test that failed once, with its seeds, a counterexample and how to see it again', () => {
  const report = formatFailures([failure('a holds', 7), failure('b holds', 7), failure('a holds', 8)]);
  expect(report.match(/a holds/g)).toHaveLength(1);
  expect(report).toContain('{ seed: 7, path: "2", endOnFailure: true }\n    Counterexample: [-0]');
  expect(report).toContain('failed with seed 7, 8;');
  expect(report).toContain('SWIPENET_TEST_SEED=7 node_modules/.bin/vitest run server/src/a.test.ts');
});
