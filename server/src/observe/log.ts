import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import { printableJson } from '@swipenet/shared/printable.ts';
import pino, { type DestinationStream, type LevelWithSilent, type Logger } from 'pino';
import { prettyDestination } from './pretty-log.ts';

/** The server's log, with one JSON object per line. */
export type Log = Logger;

/** Fields that never reach the log. No code is meant to log them; redaction is the safety net. */
const SECRETS = ['authorization', 'cookie', 'token', 'headers', 'body', 'bytes', 'photo', 'url', 'query'];

const REDACTED = SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);

/** Maximum characters of an error's message and stack, because a parser may quote the input that it couldn't parse. */
const MAX_CAUSE_CHARACTERS = { message: 500, stack: 4000 };

/**
 * Maximum bytes that wait for a slow reader of standard error. Beyond that, lines are dropped instead of filling
 * memory.
 */
const MAX_WAITING_BYTES = 1_000_000;

/**
 * Opens the log on standard error: readable text on a terminal, JSON lines otherwise. Flushed when the process exits.
 *
 * @param styled whether the terminal understands colors, and the user wants them.
 */
export function openLog(level: LevelWithSilent, { styled }: { readonly styled: boolean }): Log {
  const { stderr } = process;
  return createLog(level, stderr.isTTY ? prettyDestination(stderr, { styled }) : fileDestination());
}

/**
 * Standard error as a file or a pipe. If a line can't be written, for example because the disk is full, it waits for
 * the next one. The failure isn't reported, because there is nowhere left to report it.
 */
function fileDestination() {
  const destination = pino.destination({ dest: 2, sync: false, maxLength: MAX_WAITING_BYTES });
  const { flushSync } = destination;
  destination.on('error', () => {
    destination.flushSync = () => {}; // otherwise it would retry forever when the process exits
  });
  destination.on('write', () => {
    destination.flushSync = flushSync;
  });
  return destination;
}

/** Opens the log on a destination. Every line has `level`, `time` (ISO 8601), `msg` and further fields. */
export function createLog(level: LevelWithSilent, destination: DestinationStream): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: REDACTED, censor: '[redacted]' },
    },
    // JSON escapes some control characters, but not all that a terminal obeys.
    { write: (line) => destination.write(printableJson(line)) },
  );
}

/**
 * Returns an error as log fields: its code if it is a {@link SwipenetError}, its message, and its cause's message and
 * stack.
 */
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
