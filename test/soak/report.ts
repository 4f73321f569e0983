import { SEED_VARIABLE } from '../support/property-seed.ts';

/** One test that failed in one run. */
export interface Failure {
  /** From the project's root, with slashes. */
  readonly file: string;
  readonly test: string;
  /** The seed of the run. */
  readonly seed: number;
  readonly message: string;
}

/** Lines of a message that are shown: fast-check’s seed and path, the counterexample, and how far it shrank. */
const LINES_SHOWN = 4;

/** Every test that failed, with each seed, the beginning of its message, and how to see it again. */
export function formatFailures(failures: readonly Failure[]): string {
  const byTest = Map.groupBy(failures, ({ file, test }) => `${file}\n  ${test}`);
  const blocks = [...byTest].map(([name, group]) => {
    const { file, seed, message } = group[0]!;
    const lines = message.split('\n').slice(0, LINES_SHOWN);
    return [
      name,
      ...lines.map((line) => `    ${line}`),
      `  failed with seed ${group.map((failure) => failure.seed).join(', ')}; see it again:`,
      `    ${SEED_VARIABLE}=${seed} node_modules/.bin/vitest run ${file}`,
    ].join('\n');
  });
  return [`Failed tests: ${byTest.size}, failures: ${failures.length}`, ...blocks].join('\n\n');
}
