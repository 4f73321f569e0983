import { spawn } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { SEED_VARIABLE } from '../support/property-seed.ts';
import type { Failure } from './report.ts';

/** One run of the property tests. */
export interface SoakRun {
  readonly seed: number;
  readonly tests: number;
  readonly failures: readonly Failure[];
  readonly seconds: number;
}

/** The part of Vitest's JSON report that is read. */
interface VitestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly status: 'passed' | 'failed';
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

const slashes = (path: string) => path.split(sep).join('/');

/** The unit tests that draw from fast-check, from the root. */
export const propertyTestFiles = (root: string): string[] =>
  globSync('{server,shared,extension}/src/**/*.test.ts', { cwd: root })
    .filter((path) => readFileSync(join(root, path), 'utf8').includes("from 'fast-check'"))
    .map(slashes)
    .toSorted();

/** Runs test files with a seed. A test that fails is part of the answer; so is a Vitest that ends without a report. */
export async function runTests(root: string, files: readonly string[], seed: number): Promise<SoakRun> {
  const folder = mkdtempSync(join(tmpdir(), 'swipenet-soak-'));
  const outputFile = join(folder, 'report.json');
  const begin = performance.now();
  try {
    const words = await vitest(root, ['run', ...files, '--reporter=json', `--outputFile=${outputFile}`], seed);
    const seconds = () => (performance.now() - begin) / 1000;
    try {
      const report: VitestReport = JSON.parse(readFileSync(outputFile, 'utf8'));
      return { seed, ...readReport(root, report, seed), seconds: seconds() };
    } catch {
      const failure = { file: files.join(' '), test: 'Vitest ended without a report', seed, message: words };
      return { seed, tests: 0, failures: [failure], seconds: seconds() };
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs Vitest to its end, and returns what it said on standard error. */
function vitest(root: string, parameters: readonly string[], seed: number): Promise<string> {
  const program = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const child = spawn(process.execPath, [program, ...parameters], {
    cwd: root,
    env: { ...process.env, [SEED_VARIABLE]: `${seed}` },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let words = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    words += text;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject).once('close', () => resolve(words));
  });
}

function readReport(root: string, { testResults }: VitestReport, seed: number): Pick<SoakRun, 'tests' | 'failures'> {
  const failures = testResults.flatMap(({ name, status, message, assertionResults }): Failure[] => {
    const file = slashes(relative(root, name));
    const failed = assertionResults.filter((test) => test.status === 'failed');
    if (status === 'failed' && failed.length === 0) return [{ file, test: 'the file itself', seed, message }];
    return failed.map(({ fullName, failureMessages }) => {
      return { file, test: fullName, seed, message: failureMessages.join('\n') };
    });
  });
  return { tests: testResults.reduce((sum, { assertionResults }) => sum + assertionResults.length, 0), failures };
}
