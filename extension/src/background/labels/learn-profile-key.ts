import { changeSettings, hasTasteConsent, isAllowed, readSettings, type Settings } from '../../storage/settings.ts';
import { ApiClient, type ApiWorld } from '../server/api-client.ts';
import { ProblemError } from '../server/problem.ts';

/**
 * Asks the server for the key for profile IDs if the person wants to learn and the key isn't known: the browser has the
 * local token and wasn't paired, or was paired by an older version. A server that doesn't answer is asked again when the
 * settings change, when the worker starts, and while the popup shows what was learned.
 */
export async function learnProfileKey(settings: Settings, world: ApiWorld): Promise<void> {
  const { server } = settings;
  if (server.profileKey !== '' || server.token === '' || !isAllowed(settings) || !hasTasteConsent(settings)) return;
  try {
    const { profileKey } = await new ApiClient(server, world).taste(null);
    const { address, token } = (await readSettings()).server;
    if (address === server.address && token === server.token)
      await changeSettings({ server: { ...server, profileKey } });
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
  }
}
