import { type Check, fail, pass } from '../check.ts';
import { atLeast } from '../versions.ts';

/** The first Node that runs TypeScript without a flag; `npm start` brings a newer one along. */
const OLDEST_NODE = '22.18';

/** The Node that runs this can run the server. */
export const nodeCheck: Check = {
  name: 'node',
  run: async ({ machine: { nodeVersion, platform } }) =>
    atLeast(nodeVersion, OLDEST_NODE)
      ? pass(`Node ${nodeVersion} on ${platform}`)
      : fail(`Node ${nodeVersion} is older than ${OLDEST_NODE}`, 'start it with the one in node_modules/.bin/node'),
};
