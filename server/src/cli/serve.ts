import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import { createApp } from '../app.ts';
import { isLoopback, readSettings, type SettingName } from '../config.ts';
import { listen } from '../http/listen.ts';
import { readOrCreateToken, tokenPath } from '../http/token.ts';
import { systemClock } from '../inference/clock.ts';
import { commandWith } from './command.ts';
import { endOnSignal } from './end-on-signal.ts';
import { sparePhotosCollections } from './photo-memory.ts';
import { serveModels } from './serve-models.ts';
import { startLines } from './start-lines.ts';

const SETTINGS = [
  'port',
  'host',
  'model',
  'threshold',
  'device',
  'cachePhotos',
  'home',
  'insecureBind',
] as const satisfies SettingName[];

/** `swipenet serve`: the server, until Ctrl-C or SIGTERM. */
export const serveCommand = commandWith('serve', 'start the server (the default command)', SETTINGS).action(
  async (flags) => {
    const settings = readSettings(SETTINGS, flags);
    const { host, port, home, insecureBind } = settings;
    if (!isLoopback(host) && !insecureBind) {
      const risk = 'token and photos would cross the network unencrypted; --insecure-bind allows it';
      throw new SwipenetError('bind_refused', `${host} is not a loopback address: ${risk}`);
    }
    sparePhotosCollections();
    const token = await readOrCreateToken(home);
    const report = (error: Error, requestId?: string) => {
      const cause = error.cause instanceof Error ? ` (${error.cause.message})` : '';
      console.error(`swipenet: ${requestId ? `request ${requestId}: ` : ''}${error.message}${cause}`);
    };
    const models = await serveModels(settings, { onTrouble: report });
    let draining = false;
    const app = createApp({
      served: models.served,
      reload: models.reload,
      state: () => (draining ? 'shutting_down' : models.host.current.ready() ? 'ready' : 'not_ready'),
      token,
      deadline: AbortSignal.timeout,
      now: systemClock.now,
      report,
    });
    const listening = await listen(app, host, port).catch(async (error: unknown) => {
      await models.host.close();
      throw error;
    });
    console.log(startLines(listening.url, models.served().answer, tokenPath(home)));
    await endOnSignal(async () => {
      draining = true;
      await listening.close();
      await models.host.close();
    });
  },
);
