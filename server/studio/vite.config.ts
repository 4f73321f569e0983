import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

/** Builds the studio's pages into the folder that the server reads them from. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: '/studio/',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: '../../dist/studio',
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0, // the content security policy allows no code or style in the page
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});
