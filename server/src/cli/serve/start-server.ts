import type { ModelAnswer } from '@swipenet/shared/contract/model.ts';
import { startLink } from '@swipenet/shared/contract/session.ts';
import { createApp } from '../../app.ts';
import { systemClock } from '../../clock.ts';
import { allowsEscapes, cores } from '../../config/machine.ts';
import type { SettingName, Settings } from '../../config/settings.ts';
import { isReady } from '../../http/readiness.ts';
import { openLog } from '../../observe/log.ts';
import { observeServer } from '../../observe/observe-server.ts';
import { ACCESS_SETTINGS, openAccess } from './access.ts';
import { type ListeningForHome, startListening } from './listening.ts';
import { BASE_SETTINGS, openOfferedBase } from './serving-base.ts';
import { MODEL_SETTINGS, serveModels } from './serving-models.ts';
import { openStudio } from './serving-studio.ts';
import { serveTaste, TASTE_SETTINGS } from './serving-taste.ts';

/** All settings of the server. */
export const SERVER_SETTINGS = [
  'port',
  'logLevel',
  'metricsOpen',
  'allowModelChange',
  ...MODEL_SETTINGS,
  ...BASE_SETTINGS,
  ...TASTE_SETTINGS,
  ...ACCESS_SETTINGS,
] as const satisfies SettingName[];

/** A running server. */
export interface StartedServer {
  readonly listening: ListeningForHome;
  /** The link to the start page, which works once. */
  readonly link: string;
  /** The model it started with. */
  readonly answer: ModelAnswer;
  /** Finishes the requests in progress, accepts no more, and closes everything. */
  readonly drain: () => Promise<void>;
}

/** Wires up and starts a server. Throws what opening its access, its model and its port throws. */
export async function startServer(settings: Settings<(typeof SERVER_SETTINGS)[number]>): Promise<StartedServer> {
  const { device, logLevel, metricsOpen, allowModelChange } = settings;
  const log = openLog(logLevel, { styled: allowsEscapes(process.stderr) });
  const { token, access, tls } = await openAccess(settings, log);
  const { eventsOf, decoderEvents, forApp } = observeServer({ log, now: systemClock.now, cores });
  const { desk: taste, learner } = await serveTaste(settings, { log, models: () => models });
  const onBusy = (isBusy: boolean) => learner.setBusy(isBusy);
  const models = await serveModels(settings, { log, eventsOf, decoderEvents, onBusy });
  const { host, decoders, served, reload } = models;
  const base = await openOfferedBase(settings, eventsOf).catch(async (error: unknown) => {
    await models.close();
    throw error;
  });
  let draining = false;
  const ready = () => decoders.alive && isReady(device, host.current.opened);
  const state = () => (draining ? 'shutting_down' : ready() ? 'ready' : 'not_ready');
  const observed = forApp({
    state,
    model: () => served().answer,
    stats: () => ({ ...host.current.stats(), decoders: decoders.stats }),
  });
  const studio = openStudio(settings, {
    status: observed.status,
    servedId: () => served().answer.id,
    use: reload,
    decoders,
    log,
  });
  const baseState = () => (draining ? 'shutting_down' : base?.ready() ? 'ready' : 'not_ready');
  const app = createApp({
    served,
    offeredBase: base && {
      ...{ scorer: base.scorer, outputs: base.outputs, state: baseState },
      answer: { id: base.model.manifest.id, sha256: base.model.manifest.model.sha256 },
    },
    reload,
    taste,
    state,
    token,
    access,
    deadline: AbortSignal.timeout,
    now: systemClock.now,
    metricsOpen,
    allowModelChange,
    studio,
    ...observed,
  });
  const listening = await startListening(app, settings, { tls, log }).catch(async (error: unknown) => {
    await models.close();
    await base?.close();
    throw error;
  });
  const { answer } = served();
  const { id: model, precision } = answer;
  log.info({ address: listening.url, model, precision, device: answer.device.name }, 'server started');
  const drain = async () => {
    draining = true;
    log.info('server stopping');
    await studio.close(); // ends the streams of its pages
    await learner.close(); // it would only slow down the last responses
    await listening.close();
    await models.close();
    await base?.close();
    await taste.close();
    await access.sessions.close();
    log.info('server stopped');
  };
  const link = startLink(listening.localUrl, access.sessions.offerLink());
  return { listening, link, answer, drain };
}
