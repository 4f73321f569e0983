import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import pino, { type DestinationStream, type LevelWithSilent, type Logger } from 'pino';

/** The server's log: JSON objects, one a line. */
export type Log = Logger;

/** What never reaches the log, whoever logs it: no line is meant to have these, and redaction is the second net. */
const SECRETS = ['authorization', 'cookie', 'token', 'headers', 'body', 'bytes', 'photo', 'url', 'query'];

const REDACTED = SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);

/** Characters of a foreign error's message and stack: a parser may quote what it could not parse. */
const MAX_CAUSE_CHARACTERS = { message: 500, stack: 4000 };

/** Opens the log. A line has `level`, `time` (ISO 8601), `msg`, and what it is about. */
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
