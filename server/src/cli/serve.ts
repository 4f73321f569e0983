import { DEFAULT_THRESHOLD } from '@swipenet/shared/confidence.ts';
import { createApp } from '../app.ts';
import { cores, modelFolders, readSettings, type SettingName } from '../config.ts';
import { modelAnswer } from '../http/model-answer.ts';
import { isReady } from '../http/readiness.ts';
import { tokenPath } from '../http/token.ts';
import { systemClock } from '../inference/clock.ts';
import { openScorer } from '../inference/open-scorer.ts';
import { loadModel } from '../registry/model-registry.ts';
import { commandWith } from './command.ts';
import { endOnSignal } from './end-on-signal.ts';
import { observeServer } from './observe-server.ts';
import { ACCESS_SETTINGS, openAccess, startListening } from './serve-access.ts';
import { startLines } from './start-lines.ts';

const SETTINGS = [
  'port',
  'model',
  'threshold',
  'device',
  'logLevel',
  'metricsOpen',
  ...ACCESS_SETTINGS,
] as const satisfies SettingName[];

/** `swipenet serve`: the server, until Ctrl-C or SIGTERM. */
export const serveCommand = commandWith('serve', 'start the server (the default command)', SETTINGS).action(
  async (flags) => {
    const settings = readSettings(SETTINGS, flags);
    const { home, device, ...given } = settings;
    const { token, access, tls } = await openAccess(settings);
    const model = await loadModel(modelFolders(home), given.model);
    const { log, events, forApp } = observeServer(given.logLevel, model);
    const open = await openScorer({ model, choice: device, cores, clock: systemClock, events });
    const threshold = given.threshold ?? model.manifest.threshold ?? DEFAULT_THRESHOLD;
    const answer = modelAnswer(model.manifest, open.opened, threshold);
    let draining = false;
    const state = () => (draining ? 'shutting_down' : isReady(device, open.opened) ? 'ready' : 'not_ready');
    const app = createApp({
      scorer: open.scorer,
      model: answer,
      state,
      token,
      access,
      deadline: AbortSignal.timeout,
      now: systemClock.now,
      metricsOpen: given.metricsOpen,
      ...forApp({ state, model: () => answer, open }),
    });
    const listening = await startListening(app, settings, tls).catch(async (error: unknown) => {
      await open.close();
      throw error;
    });
    console.log(startLines(listening.url, answer, tokenPath(home)));
    log.info({ address: listening.url, model: answer.id, device: answer.device.name }, 'server started');
    await endOnSignal(async () => {
      draining = true;
      log.info('server drains');
      await listening.close();
      await open.close();
      log.info('server ended');
    });
  },
);
