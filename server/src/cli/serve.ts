import { DEFAULT_THRESHOLD } from '@swipenet/shared/confidence.ts';
import { createApp } from '../app.ts';
import { cores, readSettings, type SettingName } from '../config.ts';
import { modelAnswer } from '../http/model-answer.ts';
import { tokenPath } from '../http/token.ts';
import { systemClock } from '../inference/clock.ts';
import { openScorer } from '../inference/open-scorer.ts';
import { chosenModel } from './chosen-model.ts';
import { commandWith } from './command.ts';
import { endOnSignal } from './end-on-signal.ts';
import { ACCESS_SETTINGS, openAccess, startListening } from './serve-access.ts';
import { startLines } from './start-lines.ts';

const SETTINGS = ['port', 'model', 'threshold', 'device', ...ACCESS_SETTINGS] as const satisfies SettingName[];

/** `swipenet serve`: the server, until Ctrl-C or SIGTERM. */
export const serveCommand = commandWith('serve', 'start the server (the default command)', SETTINGS).action(
  async (flags) => {
    const settings = readSettings(SETTINGS, flags);
    const { home, model: named, device, ...given } = settings;
    const { token, access, tls } = await openAccess(settings);
    const model = await chosenModel(home, named);
    const report = (error: Error, requestId?: string) => {
      const cause = error.cause instanceof Error ? ` (${error.cause.message})` : '';
      console.error(`swipenet: ${requestId ? `request ${requestId}: ` : ''}${error.message}${cause}`);
    };
    const open = await openScorer({ model, choice: device, cores, clock: systemClock, onTrouble: report });
    const threshold = given.threshold ?? model.manifest.threshold ?? DEFAULT_THRESHOLD;
    const answer = modelAnswer(model.manifest, open.opened, threshold);
    let draining = false;
    const app = createApp({
      scorer: open.scorer,
      model: answer,
      state: () => (draining ? 'shutting_down' : open.ready() ? 'ready' : 'not_ready'),
      token,
      access,
      deadline: AbortSignal.timeout,
      now: systemClock.now,
      report,
    });
    const listening = await startListening(app, settings, tls).catch(async (error: unknown) => {
      await open.close();
      throw error;
    });
    console.log(startLines(listening.url, answer, tokenPath(home)));
    await endOnSignal(async () => {
      draining = true;
      await listening.close();
      await open.close();
    });
  },
);
