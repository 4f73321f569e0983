import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { WxtVitest } from 'wxt/testing/vitest-plugin';

// WXT's plugin makes `browser` and `chrome` a fake browser, which webextension-polyfill hands on as it is.
export default defineConfig({
  plugins: [WxtVitest({ root: import.meta.dirname })],
  test: {
    name: 'extension',
    include: ['src/**/*.test.ts'],
    setupFiles: ['../test/support/property-seed.ts'],
    testTimeout: 20_000,
    // A project with a configuration of its own does not take this from the root's.
    maxWorkers: availableParallelism(),
  },
});
