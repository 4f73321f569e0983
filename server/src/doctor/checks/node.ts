import { PACKAGED } from '../../command-form.ts';
import { type Check, fail, pass } from '../check.ts';
import { atLeast } from '../versions.ts';

/** The first major version of Node that has `Float16Array`. */
const OLDEST_NODE = '24.0';

/** Checks that this version of Node can run the server. */
export const nodeCheck: Check = {
  name: 'node',
  run: async ({ machine: { nodeVersion, platform } }) =>
    atLeast(nodeVersion, OLDEST_NODE)
      ? pass(`Node ${nodeVersion} on ${platform}`)
      : fail(
          `Node ${nodeVersion} is older than ${OLDEST_NODE}`,
          PACKAGED ? `install Node ${OLDEST_NODE} or newer` : 'run node_modules/.bin/node instead',
        ),
};
