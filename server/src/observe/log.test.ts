import { stripVTControlCharacters } from 'node:util';
import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import { describe, expect, it } from 'vitest';
import { UNSAFE_ON_TERMINAL } from '../../../test/support/unsafe-on-terminal.ts';
import { createLog, errorFields } from './log.ts';
import { prettyLine } from './pretty-log.ts';

function captured(level: Parameters<typeof createLog>[0] = 'info') {
  const lines: string[] = [];
  return { lines, log: createLog(level, { write: (line) => void lines.push(line) }) };
}

const bare = stripVTControlCharacters;

describe('the log', () => {
  it('has one JSON object per line, with a level name and an ISO time', () => {
    const { log, lines } = captured();
    log.info({ pid: 7 }, 'engine restarted');
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0]!)).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      pid: 7,
      msg: 'engine restarted',
    });
  });

  it('omits everything below its level, and everything if it is silent', () => {
    const warning = captured('warn');
    warning.log.info('no');
    warning.log.warn('yes');
    expect(warning.lines).toHaveLength(1);
    const silent = captured('silent');
    silent.log.fatal('no');
    expect(silent.lines).toEqual([]);
  });

  it('redacts secrets at every depth', () => {
    const { log, lines } = captured();
    const secret = 'hunter2hunter2';
    log.error({
      token: secret,
      headers: { authorization: secret },
      request: { url: secret, headers: secret, inner: { cookie: secret, body: secret } },
      photo: secret,
      query: secret,
    });
    expect(lines[0]).not.toContain(secret);
    expect(lines[0]!.match(/\[redacted\]/g)!.length).toBeGreaterThanOrEqual(7);
  });

  it('has an error’s code and message and its cause’s message and stack, each cut to a maximum length', () => {
    const cause = new TypeError('x'.repeat(10_000));
    const fields = errorFields(new SwipenetError('internal', 'internal server error', { cause }));
    expect(fields).toMatchObject({ code: 'internal', error: 'internal server error' });
    expect(JSON.stringify(fields).length).toBeLessThan(6000);
    expect(errorFields(new Error('plain'))).toEqual({ error: 'plain' });
  });
});

describe('a name from elsewhere', () => {
  const NAME = 'a\u001b[31m\u009b2J\u0007\u202eb\nc';

  it('is in the log as JSON that no terminal obeys, with the same value', () => {
    const { log, lines } = captured();
    log.info({ name: NAME }, NAME);
    expect(lines[0]).toMatch(/^[^\n]+\n$/);
    expect(lines[0]).not.toMatch(UNSAFE_ON_TERMINAL);
    expect(JSON.parse(lines[0]!)).toMatchObject({ name: NAME, msg: NAME });
  });

  it('is escaped on a terminal, and without colors nothing else has escape sequences', () => {
    const line = JSON.stringify({ level: `info${NAME}`, time: NAME, msg: NAME, [NAME]: NAME });
    for (const text of [line, `${NAME}: not JSON`]) {
      expect(prettyLine(text, { styled: false })).not.toMatch(UNSAFE_ON_TERMINAL);
    }
    expect(prettyLine(line, { styled: false })).toMatch(/^[^\n]+\n$/);
  });
});

describe('the log on a terminal', () => {
  it('has time, level, message and fields on one line', () => {
    const line =
      '{"level":"info","time":"2026-01-02T03:04:05.678Z","status":200,"route":"/v1/score","msg":"request"}\n';
    expect(bare(prettyLine(line))).toBe('03:04:05 info  request status=200 route=/v1/score\n');
  });

  it('escapes control characters', () => {
    const { log, lines } = captured();
    log.warn({ error: '\u001b[2Jgone' }, 'engine down');
    expect(prettyLine(lines[0]!)).not.toContain('\u001b[2J');
    expect(bare(prettyLine(lines[0]!))).toContain('error="\\u001b[2Jgone"');
  });

  it('passes through text that isn’t a log line', () => {
    expect(prettyLine('hello\n')).toBe('hello\n');
  });
});
