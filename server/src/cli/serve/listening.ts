import { systemDate } from '../../clock.ts';
import type { Settings } from '../../config/settings.ts';
import { announceServer } from '../../home/running-server.ts';
import { type Listening, listen } from '../../http/listen.ts';
import { readTls, type Tls } from '../../http/tls.ts';
import { errorFields, type Log } from '../../observe/log.ts';

/** A listening server. */
export interface ListeningForHome extends Listening {
  /** The address of another server that uses the same home folder and started earlier, if there is one. */
  readonly firstUrl: string | undefined;
}

/**
 * Starts listening, and announces the server in the home folder until it closes. SIGHUP reloads the certificate. Throws
 * what `listen` throws, and `home_unusable`.
 */
export async function startListening(
  app: Parameters<typeof listen>[0],
  { host, port, home, tlsCert, tlsKey }: Settings<'host' | 'port' | 'home' | 'tlsCert' | 'tlsKey'>,
  { tls, log }: { readonly tls: Tls | undefined; readonly log: Log },
): Promise<ListeningForHome> {
  const listening = await listen(app, host, port, { tls });
  const since = systemDate().toISOString();
  const announce = (certificate: string | null) =>
    announceServer(home, { pid: process.pid, url: listening.localUrl, certificate, since });
  const { retract, first } = await announce(tls?.fingerprint ?? null).catch(async (error: unknown) => {
    await listening.close();
    throw error;
  });
  const renew = async () => {
    const renewed = await readTls(tlsCert, tlsKey);
    if (!renewed) return;
    await announce(renewed.fingerprint); // comes first because it can fail
    listening.useTls(renewed);
  };
  const stopRenewing = tls ? renewOnHangUp(renew, log) : async () => {};
  return { ...listening, firstUrl: first?.url, close: () => stopRenewing().then(retract).then(listening.close) };
}

/**
 * Reloads the certificate each time the process gets SIGHUP, one reload at a time. If the new certificate can't be
 * used, the old one stays. Logs the result either way.
 *
 * @returns a function that stops this and resolves when the last reload is done.
 */
function renewOnHangUp(renew: () => Promise<void>, log: Log): () => Promise<void> {
  let renewing = Promise.resolve();
  const onHangUp = () => {
    renewing = renewing.then(renew).then(
      () => log.info('certificate renewed'),
      (error: Error) => log.warn(errorFields(error), 'certificate not renewed'),
    );
  };
  process.on('SIGHUP', onHangUp);
  return () => {
    process.off('SIGHUP', onHangUp);
    return renewing;
  };
}
