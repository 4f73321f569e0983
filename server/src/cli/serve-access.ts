import { randomBytes } from 'node:crypto';
import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import { isLoopback, type SettingName, type Settings } from '../config.ts';
import { DeviceStore } from '../devices/device-store.ts';
import { PairingDesk } from '../devices/pairing-desk.ts';
import type { Access } from '../http/access.ts';
import { type Listening, listen } from '../http/listen.ts';
import type { Log } from '../http/log.ts';
import { announceServer } from '../http/running-server.ts';
import { readTls, type Tls } from '../http/tls.ts';
import { readOrCreateToken } from '../http/token.ts';
import { systemClock, systemDate } from '../inference/clock.ts';
import { renewOnHangUp } from './renew-certificate.ts';

/** What decides who may ask a server, and how. */
export const ACCESS_SETTINGS = [
  'host',
  'home',
  'insecureBind',
  'allowHost',
  'trustedProxy',
  'tlsCert',
  'tlsKey',
  'rateLimit',
  'rateBurst',
] as const satisfies SettingName[];

/**
 * Opens what decides who may ask: the local token, the paired devices, the certificate.
 *
 * @throws SwipenetError `bind_refused` for a host that others can reach without TLS, `tls_invalid`, `home_unusable`.
 */
export async function openAccess(
  settings: Settings<(typeof ACCESS_SETTINGS)[number]>,
): Promise<{ token: string; access: Access; tls: Tls | undefined }> {
  const { host, home, allowHost, trustedProxy, rateLimit, rateBurst } = settings;
  const tls = await readTls(settings.tlsCert, settings.tlsKey);
  if (!isLoopback(host) && !tls && !settings.insecureBind) {
    const risk =
      'token and photos would cross the network unencrypted; set --tls-cert and --tls-key, or --insecure-bind';
    throw new SwipenetError('bind_refused', `${host} is not a loopback address: ${risk}`);
  }
  const token = await readOrCreateToken(home);
  const access = {
    devices: await DeviceStore.open(home),
    pairing: new PairingDesk({ now: systemClock.now, randomBytes }),
    allowedHosts: [host, ...allowHost],
    trustedProxies: trustedProxy,
    rate: { perSecond: rateLimit, burst: rateBurst },
    date: systemDate,
  };
  return { token, access, tls };
}

/**
 * Starts to listen, and leaves word of it in the home folder until it is closed; takes the certificate anew at a hang-up.
 * Throws as `listen` does, and `home_unusable`.
 */
export async function startListening(
  app: Parameters<typeof listen>[0],
  { host, port, home, tlsCert, tlsKey }: Settings<'host' | 'port' | 'home' | 'tlsCert' | 'tlsKey'>,
  { tls, log }: { readonly tls: Tls | undefined; readonly log: Log },
): Promise<Listening> {
  const listening = await listen(app, host, port, { tls });
  const announce = (certificate: string | null) =>
    announceServer(home, { pid: process.pid, url: listening.localUrl, certificate });
  const takeBack = await announce(tls?.fingerprint ?? null).catch(async (error: unknown) => {
    await listening.close();
    throw error;
  });
  const renew = async () => {
    const renewed = await readTls(tlsCert, tlsKey);
    if (!renewed) return;
    await announce(renewed.fingerprint); // first: this may fail
    listening.useTls(renewed);
  };
  const endRenewing = tls ? renewOnHangUp(renew, log) : async () => {};
  return { ...listening, close: () => endRenewing().then(takeBack).then(listening.close) };
}
