import type { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import pino from 'pino';
import { createLog, errorFields, type Log } from '../http/log.ts';
import { prettyDestination } from '../http/pretty-log.ts';
import type { InferenceObserver } from '../inference/observer.ts';

/** Bytes of log that wait for a slow reader of standard error; more are dropped instead of filling the memory. */
const MAX_WAITING_BYTES = 1_000_000;

/** The log on standard error: JSON lines, which a terminal gets in a form for people. Written on when the process ends. */
export function openLog(level: Parameters<typeof createLog>[0]): Log {
  const destination = process.stderr.isTTY
    ? prettyDestination(process.stderr)
    : pino.destination({ dest: 2, sync: false, maxLength: MAX_WAITING_BYTES });
  return createLog(level, destination);
}

/** Logs what was the server's own fault in answering a request: a mistake of ours as `error`, the rest as `warn`. */
export function reportTo(log: Log) {
  return (error: SwipenetError, requestId: string): void => {
    log[error.code === 'internal' ? 'error' : 'warn']({ requestId, ...errorFields(error) }, 'request failed');
  };
}

/** What engines are opened with so that they are counted and their deaths and restarts logged. */
export function observeEngines(log: Log, observer: InferenceObserver) {
  const { onFlush, onRun, onCacheLookup } = observer;
  return {
    onTrouble: (error: Error) => log.warn(errorFields(error), 'engine down'),
    observer: {
      onFlush,
      onRun,
      onCacheLookup,
      onRestart: (pid: number | undefined) => {
        observer.onRestart(pid);
        log.info({ pid }, 'engine restarted');
      },
    } satisfies InferenceObserver,
  };
}
