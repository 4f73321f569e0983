import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ManualClock } from '../../../test/support/manual-clock.ts';
import { photoCrop } from '../image/photo-bytes.ts';
import { ChildEngine, type ChildEngineOptions } from './child-engine.ts';

const program = new URL('../../../test/fixtures/fake-engine.ts', import.meta.url);
/** A process takes a while to start, especially on a busy machine. */
const eventually = (assertion: () => void) => vi.waitFor(assertion, 10_000);
const photo = (first: number) => photoCrop(new Uint8Array(224 * 224).fill(first));

describe('an engine in a child process', () => {
  const folder = mkdtempSync(join(tmpdir(), 'swipenet-engine-'));
  const modelPath = join(folder, 'model');
  const clock = new ManualClock();
  const engines: ChildEngine[] = [];
  const troubles: string[] = [];

  const open = async (options: Partial<ChildEngineOptions> = {}) => {
    const settings = { modelPath, sha256: '', device: 'cpu', threads: 1, batchSizes: [], warmSizes: [] } as const;
    const onTrouble = (error: Error) => troubles.push(error.message);
    const engine = await ChildEngine.open({ settings, clock, program, onTrouble, ...options });
    engines.push(engine);
    return engine;
  };

  beforeEach(() => writeFileSync(modelPath, ''));
  afterEach(async () => {
    await Promise.all(engines.splice(0).map((engine) => engine.close()));
    troubles.length = 0;
  });

  it('answers each photo of a batch, in order', async () => {
    const engine = await open();
    const answers = await engine.run([photo(70), photo(20), photo(40)]);
    expect(answers.map(({ like }) => Math.round(like * 100))).toEqual([70, 20, 40]);
    expect(answers.map(({ evidence }) => [...evidence])).toEqual([70, 20, 40].map((first) => Array(49).fill(first)));
  });

  it('reports why it can’t be opened, with the process’s standard error', async () => {
    rmSync(modelPath);
    await expect(open()).rejects.toThrow('can’t open the model\nlibsomething.so: cannot open shared object file');
  });

  it('rejects its batch when it dies, restarts immediately and keeps working', async () => {
    const engine = await open();
    const before = engine.pid;
    const failure = engine.run([photo(13), photo(50)]);
    await expect(failure).rejects.toMatchObject({ code: 'engine_failed' });
    await expect(failure).rejects.toHaveProperty('cause.message', 'the engine process ended (code 3)\nlast words');
    await eventually(() => expect(troubles).toHaveLength(1));
    await engine.ready();
    expect(engine.alive).toBe(true);
    expect(engine.pid).not.toBe(before);
    expect((await engine.run([photo(50)]))[0]?.like).toBeCloseTo(0.5);
  });

  it('is not alive and rejects batches from its death until it is ready again', async () => {
    const engine = await open();
    rmSync(modelPath);
    process.kill(engine.pid!, 'SIGKILL');
    await eventually(() => expect(engine.alive).toBe(false));
    await expect(engine.run([photo(30)])).rejects.toHaveProperty('cause.message', 'the engine is restarting');
    await eventually(() => expect(clock.delaysMs).toContain(1000));
    writeFileSync(modelPath, '');
    clock.advance(1000);
    await engine.ready();
    expect(engine.alive).toBe(true);
    expect((await engine.run([photo(30)]))[0]?.like).toBeCloseTo(0.3);
  });

  it('kills the process when a batch hangs', async () => {
    const engine = await open({ runTimeoutMs: 1000 });
    const failure = expect(engine.run([photo(14)])).rejects.toHaveProperty(
      'cause.message',
      'the engine process did not answer within 1 s and was killed',
    );
    await eventually(() => expect(clock.delaysMs).toContain(1000));
    clock.advance(1000);
    await failure;
    await eventually(() => expect(engine.alive).toBe(false));
    await engine.ready();
    expect(engine.stats.restarts).toEqual({ died: 0, hung: 1, recycled: 0 });
    expect((await engine.run([photo(60)]))[0]?.like).toBeCloseTo(0.6);
  });

  it('replaces a process over its memory limit once the new one is warm, and loses no batch', async () => {
    const engine = await open({ maxRssBytes: 1e9 });
    const before = engine.pid;
    await engine.run([photo(16)]);
    expect(engine.alive).toBe(true);
    for (let batches = 0; engine.pid === before; batches += 1) {
      expect(batches).toBeLessThan(100_000);
      expect((await engine.run([photo(40)]))[0]?.like).toBeCloseTo(0.4);
    }
    expect((await engine.run([photo(50)]))[0]?.like).toBeCloseTo(0.5);
    await eventually(() => expect(() => process.kill(before!, 0)).toThrow('ESRCH'));
    expect(engine.stats).toMatchObject({ restarts: { died: 0, hung: 0, recycled: 1 }, alive: true, rssBytes: 1e8 });
    expect(troubles).toEqual([]);
  });

  it('keeps a process over its memory limit when a new one can’t be opened, and tries again after 30 s', async () => {
    const engine = await open({ maxRssBytes: 1e9 });
    const before = engine.pid;
    rmSync(modelPath);
    await engine.run([photo(16)]);
    await eventually(() => expect(troubles).toHaveLength(1));
    await engine.run([photo(16)]);
    expect([engine.pid, troubles.length]).toEqual([before, 1]);
    writeFileSync(modelPath, '');
    clock.advance(30_000);
    await engine.run([photo(16)]);
    await eventually(() => expect(engine.stats.restarts.recycled).toBe(1));
  });

  it('rejects a batch that the network can’t run, and accepts the next', async () => {
    const engine = await open();
    await expect(engine.run([photo(15)])).rejects.toHaveProperty('cause.message', 'bad batch');
    expect((await engine.run([photo(10)]))[0]?.like).toBeCloseTo(0.1);
    expect(troubles).toEqual([]);
  });

  it('tries to reopen after 1, 2, 4, … seconds', async () => {
    const engine = await open();
    rmSync(modelPath);
    process.kill(engine.pid!, 'SIGKILL');
    for (const [attempt, delayMs] of [1000, 2000, 4000].entries()) {
      await eventually(() => expect(clock.delaysMs).toEqual([delayMs]));
      expect(engine.alive).toBe(false);
      expect(troubles).toHaveLength(attempt + 2);
      if (attempt === 2) writeFileSync(modelPath, '');
      clock.advance(delayMs);
    }
    await engine.ready();
    expect((await engine.run([photo(90)]))[0]?.like).toBeCloseTo(0.9);
  });

  it('ends its process when it is closed, and rejects later batches', async () => {
    const engine = await open();
    const pid = engine.pid!;
    await engine.close();
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    await expect(engine.run([photo(1)])).rejects.toMatchObject({ code: 'engine_failed' });
    await expect(engine.ready()).rejects.toMatchObject({ code: 'shutting_down' });
  });
});
