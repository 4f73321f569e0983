import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { WxtVitest } from 'wxt/testing/vitest-plugin';

// WXT's plugin replaces `browser` and `chrome` with a fake browser. webextension-polyfill passes it through unchanged.
export default defineConfig({
  plugins: [WxtVitest({ root: import.meta.dirname })],
  test: {
    name: 'extension',
    include: ['src/**/*.test.ts'],
    setupFiles: ['../test/support/fair-priority.ts', '../test/support/property-seed.ts'],
    testTimeout: 60_000, // only a hang takes longer
    hookTimeout: 60_000,
    isolate: false, // starting a process per file takes longer than most of its tests
    // A project with a configuration of its own does not take this from the root's.
    maxWorkers: availableParallelism(),
  },
});
