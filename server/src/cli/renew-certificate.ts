import { errorFields, type Log } from '../observe/log.ts';

/**
 * Takes a server's certificate anew whenever the process is sent SIGHUP, one time after the other. One that cannot be
 * used leaves the old one serving. Either is logged.
 *
 * @returns the function that ends it; resolves when the last time is over.
 */
export function renewOnHangUp(renew: () => Promise<void>, log: Log): () => Promise<void> {
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
