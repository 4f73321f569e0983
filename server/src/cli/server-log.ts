import type { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import pino from 'pino';
import type { InferenceEvents } from '../inference/open-scorer.ts';
import { createLog, errorFields, type Log } from '../observe/log.ts';
import type { ModelMetrics } from '../observe/model-metrics.ts';
import { prettyDestination } from '../observe/pretty-log.ts';

/** Bytes of log that wait for a slow reader of standard error; more are dropped instead of filling the memory. */
const MAX_WAITING_BYTES = 1_000_000;

/** The log on standard error: JSON lines, which a terminal gets in a form for people. Written on when the process ends. */
export function openLog(level: Parameters<typeof createLog>[0]): Log {
  return createLog(level, process.stderr.isTTY ? prettyDestination(process.stderr) : fileDestination());
}

/**
 * Standard error as a file or a pipe. What cannot be written (the disk is full) waits for the next line, and ends
 * nothing: nobody is left to be told.
 */
function fileDestination() {
  const destination = pino.destination({ dest: 2, sync: false, maxLength: MAX_WAITING_BYTES });
  const { flushSync } = destination;
  destination.on('error', () => {
    destination.flushSync = () => {}; // as the process ends, it would try again for ever
  });
  destination.on('write', () => {
    destination.flushSync = flushSync;
  });
  return destination;
}

/** Logs what was the server's own fault in answering a request: a mistake of ours as `error`, the rest as `warn`. */
export function reportTo(log: Log) {
  return (error: SwipenetError, requestId: string): void => {
    log[error.code === 'internal' ? 'error' : 'warn']({ requestId, ...errorFields(error) }, 'request failed');
  };
}

/** The events of a model's inference, counted; engines' deaths and restarts are logged, too. */
export function observeEngines(log: Log, { onFlush, onBatchEnd }: ModelMetrics): InferenceEvents {
  return {
    onFlush,
    onBatchEnd,
    onTrouble: (error) => log.warn(errorFields(error), 'engine down'),
    onRestart: (restart) => log.info(restart, 'engine restarted'),
  };
}
