import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const propertySeed = fileURLToPath(new URL('test/support/property-seed.ts', import.meta.url));
const setupFiles = [propertySeed];

// Tests start hundreds of Node processes, and most of their start is compiling the same files. They inherit this.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('node_modules/.cache/node', import.meta.url));

// Unit tests stand beside their file; what crosses a package or a process boundary stands under test/.
export default defineConfig({
  test: {
    // Vitest would leave a core idle, of two the half.
    maxWorkers: availableParallelism(),
    globalSetup: propertySeed,
    tags: [{ name: 'slow', description: 'Takes seconds per file. npm run verify leaves it out, npm test does not.' }],
    projects: [
      { test: { name: 'unit', include: ['{server,shared}/src/**/*.test.ts'], setupFiles, testTimeout: 20_000 } },
      'extension',
      // What reads the source tree and runs none of it.
      { test: { name: 'rules', include: ['test/*.test.ts'], setupFiles, testTimeout: 20_000 } },
      {
        test: {
          name: 'integration',
          include: ['test/*/**/*.test.ts'],
          exclude: ['**/node_modules/**', 'test/e2e/**'],
          setupFiles,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      // A real Chromium, a real server, the production build: one scenario after the other.
      // Alone on the machine, too: what has to happen within a while takes longer beside others.
      {
        test: {
          name: 'browser',
          include: ['test/e2e/*.test.ts'],
          setupFiles,
          testTimeout: 90_000,
          hookTimeout: 60_000,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
