import { fileURLToPath } from 'node:url';

const built = (browser: string) => fileURLToPath(new URL(`../../../dist/extension-${browser}`, import.meta.url));

/** The folders of the extension's builds. `npm start` makes them, and the published package has them. */
export const BUILT_EXTENSIONS = { chrome: built('chrome'), firefox: built('firefox') } as const;
