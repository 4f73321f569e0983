import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const propertySeed = fileURLToPath(new URL('test/support/property-seed.ts', import.meta.url));
const fairPriority = fileURLToPath(new URL('test/support/fair-priority.ts', import.meta.url));
const setupFiles = [fairPriority, propertySeed];
const installBrowsers = fileURLToPath(new URL('test/support/install-browsers.ts', import.meta.url));
const sharedDemo = fileURLToPath(new URL('test/support/shared-demo.ts', import.meta.url));
const installNginx = fileURLToPath(new URL('test/support/nginx.ts', import.meta.url));
const installOpenCv = fileURLToPath(new URL('test/support/opencv.ts', import.meta.url));

/**
 * Whole trainings, evenings on simulated and changed pages, every page in every state and in every language, every kind of
 * photo as a browser shows it, whole decks of drawn photos, and the same journeys in a second browser. The first two keep
 * the machine busy by themselves, and the evenings shorten the extension's waits: beside others, the page they play on
 * would seem not to answer.
 */
const LONG = [
  'server/src/training/base/train-base.test.ts',
  'server/src/training/profiles/learn-profiles.test.ts',
  'server/src/training/step/lane-training-engine.test.ts',
  'test/integration/{demo,evidence}.test.ts',
  'test/integration/{kubernetes,package}.test.ts',
  'test/integration/{taste,train,train-head,train-profiles}-command.test.ts',
  'test/e2e/{drift,drift-stops,firefox,first-minute,languages,page-states}.test.ts',
  'test/e2e/{photos-as-shown,simulation,store,why,words}.test.ts',
  'test/integration/chain-heads.test.ts',
  'test/e2e/studio-{data,firefox,judge,story,taste,train-run,try}.test.ts',
];

// Tests start hundreds of Node processes, and most of their start is compiling the same files. They inherit this.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('node_modules/.cache/node', import.meta.url));

/**
 * Limits that only a hang exceeds. On a busy machine, a process takes many times as long to start and to compute, most of all
 * learners and jobs, which have the lowest priority.
 */
const HANG_MS = 60_000;
const SERVER_HANG_MS = 150_000;

/** A browser or a server on a busy machine can take more than Vitest's usual second. */
const expectPatiently = { poll: { timeout: 10_000 } };

// Unit tests stand beside their file; what crosses a package or a process boundary stands under test/.
export default defineConfig({
  test: {
    // Vitest would leave a core idle, of two the half.
    maxWorkers: availableParallelism(),
    globalSetup: propertySeed,
    tags: [{ name: 'slow', description: 'Takes seconds per file. npm run verify leaves it out, npm test does not.' }],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{server,shared,server/studio}/src/**/*.test.ts', 'server/packaging/*.test.ts'],
          exclude: LONG,
          isolate: false, // starting a process per file takes longer than most of its tests
          setupFiles,
          testTimeout: HANG_MS,
          hookTimeout: HANG_MS,
          expect: expectPatiently,
        },
      },
      'extension',
      // What reads the source tree and runs none of it.
      { test: { name: 'rules', include: ['test/*.test.ts'], setupFiles, testTimeout: HANG_MS } },
      {
        test: {
          name: 'integration',
          include: ['test/*/**/*.test.ts'],
          exclude: ['**/node_modules/**', 'test/{e2e,peers}/**', ...LONG],
          globalSetup: installNginx,
          setupFiles,
          testTimeout: SERVER_HANG_MS,
          hookTimeout: SERVER_HANG_MS,
          expect: expectPatiently,
        },
      },
      // What other programs compute, as an oracle. Their packages are large, so npm test leaves this out.
      {
        test: {
          name: 'peers',
          include: ['test/peers/*.test.ts'],
          globalSetup: installOpenCv,
          setupFiles,
          testTimeout: SERVER_HANG_MS,
          hookTimeout: SERVER_HANG_MS,
          expect: expectPatiently,
        },
      },
      // Real browsers and the production builds, two browsers at a time, because each of them often waits.
      {
        test: {
          name: 'browser',
          include: ['test/e2e/*.test.ts'],
          exclude: LONG,
          globalSetup: [installBrowsers, sharedDemo],
          setupFiles,
          testTimeout: 90_000,
          hookTimeout: 60_000,
          expect: expectPatiently,
          maxWorkers: Math.min(2, availableParallelism()),
          sequence: { groupOrder: 1 },
        },
      },
      // What takes longest has a command of its own.
      {
        test: {
          name: 'long',
          include: LONG,
          globalSetup: [installBrowsers, sharedDemo],
          setupFiles,
          testTimeout: 90_000,
          hookTimeout: 60_000,
          expect: expectPatiently,
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
