import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { ManualClock } from '../../../../test/support/manual-clock.ts';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import type { ChildRestart } from '../../child/kept-child.ts';
import { encodedPhoto } from '../../image/photo-bytes.ts';
import type { PermitOptions } from '../priority-semaphore.ts';
import { DecoderPool, type DecoderPoolOptions, plannedDecoders } from './decoder-pool.ts';

const program = new URL('../../../../test/fixtures/fake-decoder.ts', import.meta.url);
const never = new AbortController().signal;
/** A process takes a while to start, especially on a busy machine. */
const eventually = (assertion: () => void) => vi.waitFor(assertion, 10_000);

const HANGS = 14;
const TIMEOUT_MS = 8000;

async function setUp(options: Partial<DecoderPoolOptions> = {}) {
  const clock = new ManualClock();
  const troubles: string[] = [];
  const restarts: (ChildRestart & { decoder: number })[] = [];
  const pool = await DecoderPool.open({
    ...{ decoders: 1, clock, program },
    onTrouble: (error) => troubles.push(error.message),
    onRestart: (restart) => restarts.push(restart),
    ...options,
  });
  onTestFinished(() => pool.close());
  /** Decodes a photo of this first byte, and returns its first gray level. */
  const decode = async (
    photo: readonly number[],
    { priority = 'now', signal = never, caller }: Partial<PermitOptions> = {},
  ) => {
    const options = { priority, signal, caller };
    const { gray } = await pool.decode(encodedPhoto(Uint8Array.from(photo)), 'cover', options);
    return gray[0];
  };
  /** Waits until a photo hangs in a decoder, then lets its time pass. */
  const timeOut = async () => {
    await eventually(() => expect(clock.delaysMs).toContain(TIMEOUT_MS));
    clock.advance(TIMEOUT_MS);
  };
  return { pool, clock, troubles, restarts, decode, timeOut, reasons: () => restarts.map(({ reason }) => reason) };
}

/** Lets no process start until the returned function is called. */
function preventStarts(): () => void {
  const { execPath } = process;
  process.execPath = '/nowhere/node';
  const allow = () => {
    process.execPath = execPath;
  };
  onTestFinished(allow);
  return allow;
}

describe('a pool of decoders', () => {
  it('decodes photos, each in one of its processes', async () => {
    const { pool, decode } = await setUp({ decoders: 2 });
    expect(await Promise.all([70, 30, 40].map((photo) => decode([photo])))).toEqual([70, 30, 40]);
    expect(pool.stats).toMatchObject([{ alive: true }, { alive: true }]);
    expect(new Set(pool.stats.map(({ pid }) => pid)).size).toBe(2);
  });

  it('decodes one photo per process at a time, and `now` before `ahead`', async () => {
    const { decode, timeOut } = await setUp();
    const order: string[] = [];
    const note = (name: string) => () => void order.push(name);
    const hanging = decode([HANGS]).catch(note('hanging'));
    const ahead = decode([1], { priority: 'ahead' }).then(note('ahead'));
    const now = decode([2]).then(note('now'));
    await timeOut();
    expect(order).toEqual([]);
    await timeOut();
    await Promise.all([hanging, ahead, now]);
    expect(order).toEqual(['hanging', 'now', 'ahead']);
  });

  it('takes gray levels as they are, without a decoder, and has compressed ones decoded', async () => {
    const { pool, decode, timeOut } = await setUp();
    const hanging = decode([HANGS]).catch((error: { code: string }) => error.code);
    const options = { priority: 'ahead', signal: never } as const;
    const bytes = new Uint8Array(65_536).fill(70);
    const prepared = { bytes, resize: 'cover', gzip: false } as const;
    expect((await pool.decode(prepared, 'cover', options)).gray[0]).toBe(70);
    await timeOut();
    await timeOut();
    expect(await hanging).toBe('photo_decode_timeout');
    expect((await pool.decode({ ...prepared, bytes: Uint8Array.of(30), gzip: true }, 'cover', options)).gray[0]).toBe(
      30,
    );
    await expect(pool.decode({ ...prepared, bytes: bytes.subarray(1) }, 'cover', options)).rejects.toMatchObject({
      code: 'photo_gray_invalid',
    });
  });

  it('never takes a photo that was prepared in another resize mode', async () => {
    const { pool } = await setUp();
    for (const gzip of [false, true]) {
      const squashed = { bytes: new Uint8Array(65_536), resize: 'squash', gzip } as const;
      const decoding = pool.decode(squashed, 'cover', { priority: 'now', signal: never });
      await expect(decoding).rejects.toMatchObject({ code: 'resize_mode_changed' });
    }
  });

  it('rejects a faulty photo with its error, and keeps the process', async () => {
    const { pool, decode } = await setUp();
    const [before] = pool.stats;
    const failure = decode([19]);
    await expect(failure).rejects.toMatchObject({ code: 'photo_undecodable', message: 'the photo is damaged' });
    await expect(failure).rejects.toHaveProperty('cause.message', 'bad marker');
    await expect(decode([15])).rejects.toThrow('a bug');
    expect(pool.stats).toEqual([before]);
  });

  it('loses no photo when a decoder dies: it is decoded once more', async () => {
    const { decode, reasons, troubles } = await setUp();
    const path = new TextEncoder().encode(join(temporaryFolder(), 'died'));
    const others = decode([50]);
    expect(await decode([20, ...path])).toBe(20);
    expect(await others).toBe(50);
    expect(reasons()).toEqual(['died']);
    expect(troubles).toEqual([expect.stringMatching(/^decoder process \d+ died; restarting it\. last words$/)]);
  });

  it('fails only the photo that kills decoders', async () => {
    const { decode, reasons } = await setUp({ decoders: 2 });
    const killer = decode([13]);
    const others = Promise.all([30, 31, 32, 33].map((photo) => decode([photo])));
    await expect(killer).rejects.toMatchObject({ code: 'photo_undecodable', message: 'the photo crashes the decoder' });
    expect(await others).toEqual([30, 31, 32, 33]);
    await eventually(() => expect(reasons()).toEqual(['died', 'died']));
  });

  it('ends a decode that never ends, after a second try, while others are decoded elsewhere', async () => {
    const { decode, timeOut, reasons } = await setUp({ decoders: 2 });
    const hanging = decode([HANGS]);
    expect(await decode([60])).toBe(60);
    await timeOut();
    await timeOut();
    await expect(hanging).rejects.toMatchObject({ code: 'photo_decode_timeout' });
    await eventually(() => expect(reasons()).toEqual(['hung', 'hung']));
    expect(await Promise.all([decode([61]), decode([62])])).toEqual([61, 62]);
  });

  it.each([
    ['CPU time', 17, 'photo_decode_timeout', 'hung'],
    ['memory', 18, 'photo_undecodable', 'recycled'],
  ] as const)(
    'kills a process in which a photo takes too much %s, and doesn’t try again',
    async (_what, photo, code, reason) => {
      const { pool, decode, reasons } = await setUp();
      const { pid } = pool.stats[0]!;
      await expect(decode([photo])).rejects.toMatchObject({ code });
      expect(pool.alive).toBe(false);
      expect(await decode([50])).toBe(50);
      expect(() => process.kill(pid!, 0)).toThrow('ESRCH');
      expect(reasons()).toEqual([reason]);
    },
  );

  it('lets a device’s photos cost one decoder at a time, so that the owner always has another', async () => {
    const { decode, clock } = await setUp({ decoders: 2 });
    const allow = preventStarts();
    const caller = 'device';
    await expect(decode([18], { caller })).rejects.toMatchObject({ code: 'photo_undecodable' });
    const next = decode([18], { caller }).catch((error: unknown) => error);
    expect(await decode([50])).toBe(50);
    await eventually(() => expect(clock.delaysMs).toEqual([1000]));
    allow();
    clock.advance(1000);
    expect(await next).toMatchObject({ code: 'photo_undecodable' });
  });

  it('replaces a process that has grown between two photos, and loses none', async () => {
    const { pool, decode, reasons, troubles } = await setUp();
    const { pid } = pool.stats[0]!;
    expect(await decode([16])).toBe(16);
    for (let photos = 0; pool.stats[0]!.pid === pid; photos += 1) {
      expect(photos).toBeLessThan(100_000);
      expect(await decode([40])).toBe(40);
    }
    expect(reasons()).toEqual(['recycled']);
    expect(troubles).toEqual([]);
  });

  it('rejects at once when nobody waits anymore: a waiting photo leaves, and a running one keeps at most its time', async () => {
    const { pool, decode, timeOut, reasons } = await setUp();
    const deadline = new AbortController();
    const leaving = [decode([HANGS], deadline), decode([13], deadline)];
    const staying = decode([50]);
    deadline.abort(new Error('the deadline has passed'));
    for (const left of leaving) await expect(left).rejects.toThrow('the deadline has passed');
    expect(pool.alive).toBe(true);
    await timeOut(); // there is no second try
    expect(await staying).toBe(50);
    expect(reasons()).toEqual(['hung']);
  });

  it('can’t be opened if no process can be started', async () => {
    preventStarts();
    await expect(setUp()).rejects.toMatchObject({
      code: 'decoders_unavailable',
      message: expect.stringContaining('ENOENT'),
    });
  });

  it('is not alive while no process can be started, tries after 1, 2, 4, … seconds, and keeps photos waiting', async () => {
    const { pool, clock, decode, reasons, troubles } = await setUp();
    const allow = preventStarts();
    process.kill(pool.stats[0]!.pid!, 'SIGKILL');
    await eventually(() => expect(pool.alive).toBe(false));
    const waiting = decode([50]);
    const deadline = new AbortController();
    const leaving = decode([51], deadline).catch((error: unknown) => error);
    for (const [attempt, delayMs] of [1000, 2000, 4000].entries()) {
      await eventually(() => expect(clock.delaysMs).toEqual([delayMs]));
      expect(troubles).toHaveLength(attempt + 2);
      expect(pool.alive).toBe(false);
      if (attempt === 1) deadline.abort(new Error('the deadline has passed'));
      if (attempt === 2) allow();
      clock.advance(delayMs);
    }
    expect(await leaving).toEqual(new Error('the deadline has passed'));
    expect(await waiting).toBe(50);
    expect(pool.alive).toBe(true);
    expect(reasons()).toEqual(['died']);
  });

  it('ends its processes immediately when it is closed, and rejects photos', async () => {
    const { pool, decode, troubles } = await setUp({ decoders: 2 });
    const pids = pool.stats.map(({ pid }) => pid!);
    const hanging = decode([HANGS]);
    hanging.catch(() => {});
    await pool.close();
    for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    await expect(hanging).rejects.toMatchObject({ code: 'shutting_down' });
    await expect(decode([50])).rejects.toMatchObject({ code: 'shutting_down' });
    expect(troubles).toEqual([]);
  });

  it('has a decoder per core, but at least two and at most eight', () => {
    expect([1, 2, 6, 64].map((cores) => plannedDecoders(cores))).toEqual([2, 2, 6, 8]);
    expect([1, 2, 6, 16, 64].map((cores) => plannedDecoders(cores, 'cuda'))).toEqual([2, 2, 4, 14, 32]);
  });
});
