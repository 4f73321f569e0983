import { defineConfig } from 'vitest/config';
import { WxtVitest } from 'wxt/testing/vitest-plugin';

// WXT's plugin puts a fake browser in the place of webextension-polyfill.
export default defineConfig({
  plugins: [WxtVitest({ root: import.meta.dirname })],
  test: {
    name: 'extension',
    include: ['src/**/*.test.ts'],
    setupFiles: ['../test/support/property-seed.ts'],
    testTimeout: 20_000,
  },
});
