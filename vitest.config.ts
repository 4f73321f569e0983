import { defineConfig } from 'vitest/config';

// Unit tests stand beside their file; what crosses a package or a process boundary stands under test/.
export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['{server,shared}/src/**/*.test.ts'] } },
      {
        test: {
          name: 'integration',
          include: ['test/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
