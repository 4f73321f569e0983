import { styleText } from 'node:util';
import { printable, printableJson, printableLines } from '@swipenet/shared/printable.ts';

type Style = Parameters<typeof styleText>[0];

const STYLES: Record<string, Style> = { debug: 'gray', info: 'green', warn: 'yellow', error: 'red', fatal: 'red' };

/**
 * Formats a JSON log line for people: `12:31:04 info  request method=POST route=/v1/score status=200 …`. Of any other text
 * it only escapes control characters.
 *
 * @param styled whether to color it.
 */
export function prettyLine(line: string, { styled = true }: { readonly styled?: boolean } = {}): string {
  let entry: Record<string, unknown>;
  try {
    entry = JSON.parse(line);
  } catch {
    return printableLines(line);
  }
  const { level, time, msg, ...fields } = entry;
  const clock = String(time).slice(11, 19);
  const style = (name: Style, text: string) => (styled ? styleText(name, text, { validateStream: false }) : text);
  const name = style(STYLES[String(level)] ?? 'reset', printable(String(level)).padEnd(5));
  const rest = Object.entries(fields).map(([key, value]) => style('gray', `${printable(key)}=`) + textOf(value));
  return `${[printable(clock), name, printable(String(msg)), ...rest].join(' ')}\n`;
}

/** Creates a log destination that writes {@link prettyLine}s to a terminal. */
export function prettyDestination(
  terminal: { write(text: string): unknown },
  options: { readonly styled: boolean },
): { write(line: string): void } {
  return { write: (line) => void terminal.write(prettyLine(line, options)) };
}

/** Formats simple words as they are and everything else as JSON, which also escapes control characters. */
const textOf = (value: unknown) =>
  typeof value === 'string' && /^[\w./:-]+$/.test(value) ? value : printableJson(JSON.stringify(value));
