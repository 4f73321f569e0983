import { systemClock, systemDate } from '../../clock.ts';
import { CommandError } from '../../command-error.ts';
import { isLoopback } from '../../config/machine.ts';
import type { SettingName, Settings } from '../../config/settings.ts';
import { DeviceStore } from '../../home/device-store.ts';
import { readOrCreateToken } from '../../home/secret-files.ts';
import type { Access } from '../../http/guards/access.ts';
import { PairingDesk } from '../../http/guards/pairing-desk.ts';
import { PairingRequests } from '../../http/guards/pairing-requests.ts';
import { Sessions } from '../../http/guards/sessions.ts';
import { readTls, type Tls } from '../../http/tls.ts';
import { errorFields, type Log } from '../../observe/log.ts';

/** The settings that control who may use the server. */
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
 * Loads what controls access to the server: the local token, the paired devices and the certificate.
 *
 * @throws CommandError `bind_refused` for a host that other machines can reach without TLS, `tls_invalid`,
 *   `home_unusable`.
 */
export async function openAccess(
  settings: Settings<(typeof ACCESS_SETTINGS)[number]>,
  log: Log,
): Promise<{ token: string; access: Access & { readonly sessions: Sessions }; tls: Tls | undefined }> {
  const { host, home, allowHost, trustedProxy, rateLimit, rateBurst } = settings;
  const tls = await readTls(settings.tlsCert, settings.tlsKey);
  if (!isLoopback(host) && !tls && !settings.insecureBind) {
    const risk = 'the token and photos would cross the network unencrypted';
    const advice = 'set --tls-cert and --tls-key, or --insecure-bind';
    throw new CommandError('bind_refused', `${host} is not a loopback address, so ${risk}; ${advice}`);
  }
  const token = await readOrCreateToken(home);
  const devices = DeviceStore.open(home, (trouble) => log.warn(errorFields(trouble), 'device skipped'));
  const { now } = systemClock;
  const sessions = new Sessions({
    ...{ now, devices, date: systemDate },
    onTrouble: (error) => log.warn(errorFields(error), 'session’s file not removed'),
  });
  await sessions.removeEnded();
  const access = {
    devices,
    pairing: new PairingDesk({ now }),
    pairingRequests: new PairingRequests({ now }),
    sessions,
    allowedHosts: [host, ...allowHost],
    trustedProxies: trustedProxy,
    rate: { perSecond: rateLimit, burst: rateBurst },
    date: systemDate,
  };
  return { token, access, tls };
}
