import { fork } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { FakeProtocol } from '../../../test/fixtures/fake-child.ts';
import { ManualClock } from '../../../test/support/manual-clock.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { type Clock, systemClock } from '../clock.ts';
import { Child, type ForkOptions } from './child.ts';
import { HEARTBEAT_FD, type ToChild } from './protocol.ts';

const program = new URL('../../../test/fixtures/fake-child.ts', import.meta.url);
/** More than any answer here takes on a busy machine. */
const soon = { timeoutMs: 60_000 };
/** A process takes a while to start, especially on a busy machine. */
const eventually = (assertion: () => void) => vi.waitFor(assertion, 10_000);

function start(clock: Clock = systemClock, options: Partial<ForkOptions> = {}): Child<FakeProtocol> {
  const child = new Child<FakeProtocol>(program, { name: 'fake', clock, ...options });
  onTestFinished(async () => {
    child.kill();
    await child.exited;
  });
  return child;
}

/** Starts the bare process, for tests of what `Child` hides. */
function forkPlainly() {
  const process = fork(program, { serialization: 'advanced', stdio: ['ignore', 'ignore', 'inherit', 'ipc', 'pipe'] });
  onTestFinished(() => void process.kill('SIGKILL'));
  return process;
}

describe('a child', () => {
  it.skipIf(process.platform === 'win32')('does nothing while it is paused', async () => {
    const child = start();
    await child.ask('double', 1, soon);
    child.pause();
    let isAnswered = false;
    const answer = child.ask('double', 21, soon).finally(() => {
      isAnswered = true;
    });
    // Another child that starts, answers and ends takes many times as long as an answer.
    const other = start();
    expect(await other.ask('double', 1, soon)).toBe(2);
    expect(isAnswered).toBe(false);
    child.resume();
    expect(await answer).toBe(42);
  });

  it('types each answer by its question, and returns bytes as bytes', async () => {
    const child = start();
    const doubled: number = await child.ask('double', 21, soon);
    expect(doubled).toBe(42);
    expect(await child.ask('bytes', Uint8Array.of(1, 2), soon)).toEqual(Uint8Array.of(1, 2));
    // @ts-expect-error: `double` takes a number
    await child.ask('double', 'two', soon);
  });

  it('answers one question at a time, in the order asked', async () => {
    const child = start();
    const order: string[] = [];
    const note = (what: string) => (answer: unknown) => {
      order.push(what);
      return answer;
    };
    const overlaps = await Promise.all([
      child.ask('overlap', undefined, soon).then(note('first')),
      child.ask('overlap', undefined, soon).then(note('second')),
      child.ask('double', 1, soon).then(note('third')),
    ]);
    expect(overlaps).toEqual([1, 1, 2]);
    expect(order).toEqual(['first', 'second', 'third']);
  });

  it('rejects a question whose handler fails, with its standard error, and answers the next', async () => {
    const child = start();
    await expect(child.ask('fail', 'libsomething.so is missing', soon)).rejects.toThrow(
      /^request failed\nlibsomething.so is missing$/,
    );
    expect(await child.ask('double', 4, soon)).toBe(8);
    expect(child).toMatchObject({ alive: true, hung: false });
  });

  it('rejects pending and later questions with its last words when it dies', async () => {
    const child = start();
    const waiting = child.ask('die', 'last words', soon);
    const behind = child.ask('double', 1, soon);
    const end = /^the fake process ended \(code 3\)\nlast words$/;
    await expect(waiting).rejects.toThrow(end);
    await expect(behind).rejects.toThrow(end);
    await expect(child.ask('double', 1, soon)).rejects.toThrow(end);
    expect(child).toMatchObject({ alive: false, hung: false, lastWords: 'last words' });
  });

  it('rejects pending questions when it is killed, and doesn’t throw because of the broken channel', async () => {
    const child = start();
    await child.ask('double', 1, soon);
    child.kill();
    await expect(child.ask('double', 1, soon)).rejects.toThrow('the fake process ended (SIGKILL)');
  });

  it('rejects questions when it can’t be started', async () => {
    const { execPath } = process;
    process.execPath = '/nowhere/node';
    const child = start();
    process.execPath = execPath;
    await expect(child.ask('double', 1, soon)).rejects.toThrow(
      'the fake process could not be started (spawn /nowhere/node ENOENT)',
    );
    await child.exited;
    expect(child).toMatchObject({ alive: false, pid: undefined });
  });

  it('is killed if it doesn’t answer in time, counted from the previous answer', async () => {
    const clock = new ManualClock();
    const child = start(clock);
    const first = child.ask('double', 1, { timeoutMs: 1000 });
    const second = child.ask('hang', undefined, { timeoutMs: 500 });
    const third = child.ask('double', 1, soon);
    await first;
    await eventually(() => expect(clock.delaysMs).toEqual([500]));
    clock.advance(500);
    await expect(second).rejects.toThrow('the fake process did not answer within 0.5 s and was killed');
    await expect(third).rejects.toThrow('did not answer within 0.5 s');
    await child.exited;
    expect(child).toMatchObject({ alive: false, hung: true });
  });

  it('is killed if it blocks without using the CPU, even without a timeout', async () => {
    const child = start();
    await expect(child.ask('freeze', undefined, { idleMs: 500 })).rejects.toThrow(
      'the fake process used no CPU time for 0.5 s and was killed',
    );
    expect(child.hung).toBe(true);
  });

  it('keeps sending heartbeats while it blocks and computes', async () => {
    const process = forkPlainly();
    let beats = 0;
    process.stdio[HEARTBEAT_FD]!.on('data', () => {
      beats += 1;
    });
    const answers: unknown[] = [];
    process.on('message', (answer) => answers.push(answer));
    const done = join(temporaryFolder(), 'done');
    process.send({ type: 'compute', question: done, beatMs: 10 } satisfies ToChild);
    await eventually(() => expect(beats).toBeGreaterThan(5));
    expect(answers).toEqual([]);
    writeFileSync(done, '');
    await eventually(() => expect(answers).toEqual([{ answer: 'computed' }]));
  });

  it('inherits its parent’s environment, adds its own variables, and runs at a lower priority', async () => {
    const child = start(systemClock, { environment: { SWIPENET_FAKE: 'given' } });
    expect(await child.ask('variable', 'SWIPENET_FAKE', soon)).toBe('given');
    expect(await child.ask('variable', 'PATH', soon)).toBe(process.env.PATH);
    expect(getPriority(child.pid)).toBe(10);
    const equal = start(systemClock, { keepsPriority: true });
    await equal.ask('double', 1, soon);
    expect(getPriority(equal.pid)).toBe(getPriority());
  });

  it('ignores Ctrl-C, which its parent handles', async () => {
    const child = start();
    await child.ask('double', 1, soon);
    process.kill(child.pid!, 'SIGINT');
    expect(await child.ask('double', 1, soon)).toBe(2);
  });

  it('exits when its parent is gone', async () => {
    const process = forkPlainly();
    const ended = new Promise((resolve) => process.on('exit', (_code, signal) => resolve(signal)));
    await new Promise<void>((resolve) => {
      process.on('message', () => resolve());
      process.send({ type: 'double', question: 1, beatMs: undefined } satisfies ToChild);
    });
    process.disconnect();
    expect(await ended).toBe('SIGKILL');
  });

  it('exits when its parent is gone, even while it blocks and computes', async () => {
    const process = forkPlainly();
    const ended = new Promise((resolve) => process.on('exit', (_code, signal) => resolve(signal)));
    process.send({ type: 'compute', question: '/never', beatMs: 10 } satisfies ToChild);
    (process.stdio[HEARTBEAT_FD] as Readable).destroy();
    expect(await ended).toBe('SIGKILL');
  });

  it('answers the current question before it ends, and all pending ones before it retires', async () => {
    const [ending, retiring] = [start(), start()];
    const answer = ending.ask('overlap', undefined, soon);
    await Promise.resolve(); // the question has been sent
    await ending.end();
    expect(await answer).toBe(1);
    const answers = [retiring.ask('double', 1, soon), retiring.ask('double', 2, soon)];
    await retiring.retire();
    expect(await Promise.all(answers)).toEqual([2, 4]);
  });

  it('is killed if it doesn’t end within 5 s', async () => {
    const clock = new ManualClock();
    const child = start(clock);
    const hanging = child.ask('hang', undefined, soon);
    hanging.catch(() => {});
    const ending = child.end();
    await eventually(() => expect(clock.delaysMs).toContain(5000));
    clock.advance(5000);
    await ending;
    await expect(hanging).rejects.toThrow('the fake process ended (SIGKILL)');
  });
});
