import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import pino, { type DestinationStream, type LevelWithSilent, type Logger } from 'pino';
import { prettyDestination } from './pretty-log.ts';

/** The server's log: JSON objects, one a line. */
export type Log = Logger;

/** What never reaches the log, whoever logs it: no line is meant to have these, and redaction is the second net. */
const SECRETS = ['authorization', 'cookie', 'token', 'headers', 'body', 'bytes', 'photo', 'url', 'query'];

const REDACTED = SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);

/** Characters of a foreign error's message and stack: a parser may quote what it could not parse. */
const MAX_CAUSE_CHARACTERS = { message: 500, stack: 4000 };

/** Bytes of log that wait for a slow reader of standard error; more are dropped instead of filling the memory. */
const MAX_WAITING_BYTES = 1_000_000;

/** Opens the log on standard error: JSON lines, or a form for people where that is a terminal. Flushed when the process ends. */
export function openLog(level: LevelWithSilent): Log {
  return createLog(level, process.stderr.isTTY ? prettyDestination(process.stderr) : fileDestination());
}

/**
 * Standard error as a file or a pipe. What can't be written (the disk is full) waits for the next line, and ends nothing:
 * nobody is left to be told.
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

/** Opens the log on a destination. A line has `level`, `time` (ISO 8601), `msg`, and what it is about. */
export function createLog(level: LevelWithSilent, destination: DestinationStream): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: REDACTED, censor: '[redacted]' },
    },
    destination,
  );
}

/** An error as fields of a log line: its code where it is ours, its message, and of its cause message and stack. */
export function errorFields(error: Error): Record<string, unknown> {
  const { cause } = error;
  return {
    ...(error instanceof SwipenetError && { code: error.code }),
    error: error.message.slice(0, MAX_CAUSE_CHARACTERS.message),
    ...(cause instanceof Error && {
      cause: {
        message: cause.message.slice(0, MAX_CAUSE_CHARACTERS.message),
        stack: cause.stack?.slice(0, MAX_CAUSE_CHARACTERS.stack),
      },
    }),
  };
}
