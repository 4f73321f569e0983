import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

const STYLES: Record<string, Style> = { debug: 'gray', info: 'green', warn: 'yellow', error: 'red', fatal: 'red' };

/**
 * Formats a JSON log line for people: `12:31:04 info  request method=POST route=/v1/score status=200 …`. Returns any
 * other text unchanged.
 */
export function prettyLine(line: string): string {
  let entry: Record<string, unknown>;
  try {
    entry = JSON.parse(line);
  } catch {
    return line;
  }
  const { level, time, msg, ...fields } = entry;
  const clock = String(time).slice(11, 19);
  const name = styleText(STYLES[String(level)] ?? 'reset', String(level).padEnd(5), { validateStream: false });
  const rest = Object.entries(fields).map(
    ([key, value]) => styleText('gray', `${key}=`, { validateStream: false }) + textOf(value),
  );
  return `${[clock, name, String(msg), ...rest].join(' ')}\n`;
}

/** Creates a log destination that writes {@link prettyLine}s to a terminal. */
export function prettyDestination(terminal: { write(text: string): unknown }): { write(line: string): void } {
  return { write: (line) => void terminal.write(prettyLine(line)) };
}

/** Formats simple words as they are and everything else as JSON, which also escapes control characters. */
const textOf = (value: unknown) =>
  typeof value === 'string' && /^[\w./:-]+$/.test(value) ? value : JSON.stringify(value);
