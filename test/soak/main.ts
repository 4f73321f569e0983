// npm run test:soak [-- --runs N]: the property tests again and again, each run with a random seed of its own.
import { randomInt } from 'node:crypto';
import { Command, InvalidArgumentError } from 'commander';
import { ROOT } from '../support/source-files.ts';
import { formatFailures } from './report.ts';
import { propertyTestFiles, runTests, type SoakRun } from './run.ts';

const DEFAULT_RUNS = 10;

const wholeNumber = (text: string) => {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 1.');
  return Number(text);
};

await new Command('test:soak')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .description(
    'Runs the property tests with fresh random seeds and reports what fails, with the seed. Exits with 1 then.',
  )
  .option('--runs <number>', 'how many runs, each with its own seed', wholeNumber, DEFAULT_RUNS)
  .action(async ({ runs }: { runs: number }) => {
    const files = propertyTestFiles(ROOT);
    console.log(`${files.length} files with property tests, ${runs} runs`);
    const done: SoakRun[] = [];
    for (let count = 1; count <= runs; count += 1) {
      const run = await runTests(ROOT, files, randomInt(2 ** 31));
      done.push(run);
      const outcome = run.failures.length === 0 ? 'passed' : `${run.failures.length} FAILED`;
      console.log(
        `run ${count} of ${runs}, seed ${run.seed}: ${run.tests} tests, ${outcome}, ${run.seconds.toFixed(1)} s`,
      );
    }
    const failures = done.flatMap((run) => run.failures);
    console.log(failures.length === 0 ? 'No test failed.' : `\n${formatFailures(failures)}`);
    process.exitCode = failures.length === 0 ? 0 : 1;
  })
  .parseAsync();
