import { type Check, fail, pass } from '../check.ts';
import { atLeast } from '../versions.ts';

/** The first version of Node that runs TypeScript without a flag. `npm start` provides a newer one. */
const OLDEST_NODE = '22.18';

/** Checks that this version of Node can run the server. */
export const nodeCheck: Check = {
  name: 'node',
  run: async ({ machine: { nodeVersion, platform } }) =>
    atLeast(nodeVersion, OLDEST_NODE)
      ? pass(`Node ${nodeVersion} on ${platform}`)
      : fail(`Node ${nodeVersion} is older than ${OLDEST_NODE}`, 'run node_modules/.bin/node instead'),
};
