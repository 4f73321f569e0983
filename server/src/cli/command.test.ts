import type { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { defineCommand } from './command.ts';
import { switchOption, wholeFlag } from './option-schemas.ts';

const printed: string[] = [];
beforeEach(() => {
  printed.length = 0;
  vi.spyOn(console, 'log').mockImplementation((text) => void printed.push(text));
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

/** Runs a command as the command line does, and hides commander's own output. */
async function run(command: Command, ...parameters: string[]): Promise<void> {
  command.exitOverride().configureOutput({ writeErr: () => {}, writeOut: () => {} });
  await command.parseAsync(parameters, { from: 'user' });
}

/** A sample command that counts photos. */
const countCommand = () =>
  defineCommand({
    name: 'count',
    summary: 'count photos',
    operand: { syntax: '<path...>', help: 'folders' },
    settings: ['threshold'],
    options: {
      batchSize: { flag: '--batch-size <count>', help: 'photos', schema: wholeFlag(1, 64), defaultValue: '32' },
      out: { flag: '--out <file>', help: 'where to', schema: z.string(), required: true },
      force: { flag: '--force', help: 'all the same', schema: switchOption },
    },
    run: async ({ settings, options, operands: [first, ...more], isGiven, show }) => {
      show('counting');
      return { ...settings, ...options, first, more, given: isGiven('batchSize') };
    },
    print: ({ first, more }) => `${first} and ${more.length} more`,
    toJson: ({ more, ...result }) => ({ ...result, more: more.length }),
    exitCode: ({ force }) => (force ? 1 : 0),
  });

describe('a command', () => {
  it('passes the parsed settings, options and operands to run, and prints the result', async () => {
    await run(countCommand(), 'a', 'b', 'c', '--out', 'x', '--threshold', '0.5', '--json');
    expect(JSON.parse(printed.join(''))).toEqual({
      ...{ threshold: 0.5, batchSize: 32, out: 'x', force: false, first: 'a', more: 2, given: false },
    });
  });

  it('shows progress to people, and prints only JSON with --json', async () => {
    await run(countCommand(), 'a', '--out', 'x');
    expect(printed).toEqual(['counting', 'a and 0 more']);
    printed.length = 0;
    await run(countCommand(), 'a', '--out', 'x', '--json');
    expect(printed).toHaveLength(1);
  });

  it('tells apart an option set to its default value and an option that was left out', async () => {
    await run(countCommand(), 'a', '--out', 'x', '--batch-size', '32', '--json');
    expect(JSON.parse(printed.join(''))).toMatchObject({ batchSize: 32, given: true });
  });

  it('names the flag with the invalid value, and doesn’t run', async () => {
    await expect(run(countCommand(), 'a', '--out', 'x', '--batch-size', '0')).rejects.toMatchObject({
      code: 'option_invalid',
      message: '--batch-size: must be a whole number from 1 to 64',
    });
    expect(printed).toEqual([]);
  });

  it('fails without a required option or operand', async () => {
    await expect(run(countCommand(), 'a')).rejects.toThrow("required option '--out <file>' not specified");
    await expect(run(countCommand(), '--out', 'x')).rejects.toThrow("missing required argument 'path'");
  });

  it('sets the exit code according to the result', async () => {
    await run(countCommand(), 'a', '--out', 'x');
    expect(process.exitCode).toBe(0);
    await run(countCommand(), 'a', '--out', 'x', '--force');
    expect(process.exitCode).toBe(1);
  });

  it('rejects excess arguments, unless the command handles them itself', async () => {
    const strict = { name: 'plain', summary: 'no operand', run: async () => {} };
    await expect(run(defineCommand(strict), 'x')).rejects.toThrow('too many arguments');
    const received: string[] = [];
    const lenient = defineCommand({
      ...{ name: 'plain', summary: 'no operand', allowExcess: true },
      run: async ({ operands }) => void received.push(...operands),
    });
    await run(lenient, 'x', 'y');
    expect(received).toEqual(['x', 'y']);
  });

  it('has no --json unless it prints a result', async () => {
    const silent = defineCommand({ name: 'silent', summary: 'prints nothing', run: async () => {} });
    await expect(run(silent, '--json')).rejects.toThrow("unknown option '--json'");
  });

  it('can’t be defined with an option whose name doesn’t match its flag', () => {
    const misnamed = { size: { flag: '--batch-size <count>', help: 'photos', schema: wholeFlag(1) } };
    expect(() =>
      defineCommand({ name: 'wrong', summary: 'is never defined', options: misnamed, run: async () => {} }),
    ).toThrow('the option --batch-size <count> must be named batchSize');
  });
});
