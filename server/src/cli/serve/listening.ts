import { systemDate } from '../../clock.ts';
import type { Settings } from '../../config/settings.ts';
import { announceServer } from '../../home/running-server.ts';
import { type Listening, listen } from '../../http/listen.ts';
import { readTls, type Tls } from '../../http/tls.ts';
import { errorFields, type Log } from '../../observe/log.ts';

/** A server that listens, and the address of the one that ran with its home before, where one does. */
export interface ListeningForHome extends Listening {
  readonly firstUrl: string | undefined;
}

/**
 * Starts to listen, and leaves word of it in the home folder until it is closed; takes the certificate anew at a hang-up.
 * Throws as `listen` does, and `home_unusable`.
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
  const { takeBack, first } = await announce(tls?.fingerprint ?? null).catch(async (error: unknown) => {
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
  return { ...listening, firstUrl: first?.url, close: () => endRenewing().then(takeBack).then(listening.close) };
}

/**
 * Takes a server's certificate anew whenever the process is sent SIGHUP, one time after the other. One that can't be
 * used leaves the old one serving. Either is logged.
 *
 * @returns the function that ends it; resolves when the last time is over.
 */
function renewOnHangUp(renew: () => Promise<void>, log: Log): () => Promise<void> {
  let renewing = Promise.resolve();
  const onHangUp = () => {
    renewing = renewing.then(renew).then(
      () => log.info('certificate renewed'),
      (error: Error) => log.warn(errorFields(error), 'certificate kept'),
    );
  };
  process.on('SIGHUP', onHangUp);
  return () => {
    process.off('SIGHUP', onHangUp);
    return renewing;
  };
}
