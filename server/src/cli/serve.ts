import { createApp } from '../app.ts';
import { systemClock } from '../clock.ts';
import { refuseFlagsOfNpm } from '../config/npm-flags.ts';
import { readSettings, type SettingName } from '../config/settings.ts';
import { isReady } from '../http/readiness.ts';
import { commandWith } from './command.ts';
import { endOnSignal } from './end-on-signal.ts';
import { observeServer } from './observe-server.ts';
import { sparePhotosCollections } from './photo-memory.ts';
import { ACCESS_SETTINGS, openAccess } from './serve-access.ts';
import { serveModels } from './serve-models.ts';
import { startLines } from './start-lines.ts';
import { startListening } from './start-listening.ts';

const SETTINGS = [
  'port',
  'model',
  'precision',
  'threshold',
  'device',
  'cachePhotos',
  'logLevel',
  'metricsOpen',
  ...ACCESS_SETTINGS,
] as const satisfies SettingName[];

/** `swipenet serve`: the server, until Ctrl-C or SIGTERM. */
export const serveCommand = commandWith('serve', 'start the server (the default command)', SETTINGS)
  .allowExcessArguments() // refused below, with what probably happened
  .action(async (flags, { args }) => {
    refuseFlagsOfNpm(SETTINGS, args);
    const settings = readSettings(SETTINGS, flags);
    const { device, home, logLevel, metricsOpen } = settings;
    sparePhotosCollections();
    const { token, access, tls } = await openAccess(settings);
    const { log, eventsOf, forApp } = observeServer(logLevel);
    const { host, served, reload } = await serveModels(settings, { log, eventsOf });
    let draining = false;
    const state = () => (draining ? 'shutting_down' : isReady(device, host.current.opened) ? 'ready' : 'not_ready');
    const app = createApp({
      served,
      reload,
      state,
      token,
      access,
      deadline: AbortSignal.timeout,
      now: systemClock.now,
      metricsOpen,
      ...forApp({ state, model: () => served().answer, stats: () => host.current.stats() }),
    });
    const listening = await startListening(app, settings, { tls, log }).catch(async (error: unknown) => {
      await host.close();
      throw error;
    });
    const { answer } = served();
    console.log(startLines(listening, answer, home.token));
    const { id: model, precision } = answer;
    log.info({ address: listening.url, model, precision, device: answer.device.name }, 'server started');
    await endOnSignal(async () => {
      draining = true;
      log.info('server drains');
      await listening.close();
      await host.close();
      log.info('server ended');
    });
  });
