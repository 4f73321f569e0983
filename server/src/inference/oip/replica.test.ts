import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Behavior, FakeReplica, fakeResult } from '../../../../test/support/fake-replica.ts';
import { ManualClock } from '../../../../test/support/manual-clock.ts';
import { until } from '../../../../test/support/until.ts';
import { selfSignedCertificate } from '../../../../test/twins/certificate.ts';
import { type PhotoCrop, photoCrop } from '../../image/photo-bytes.ts';
import { goldenPhotos } from '../../runtime/golden-photos.ts';
import { VERDICTS } from './reading.ts';
import { Replica } from './replica.ts';
import type { ReplicaOptions } from './replica-client.ts';
import type { ReplicaFault, ReplicaFaultCode } from './replica-fault.ts';

const SHA256 = 'a'.repeat(64);
const crop = (level: number): PhotoCrop => photoCrop(new Uint8Array(224 ** 2).fill(level));
const goldenResults = async () => goldenPhotos().map(fakeResult);

/** Opens a replica that names the right file, and collects what happens to it. */
async function setUp(change: Partial<Behavior> = {}, options: Partial<ReplicaOptions> = {}) {
  const fake = await FakeReplica.start({ sha256: SHA256, ...change });
  const clock = new ManualClock();
  const troubles: Error[] = [];
  const restarts: string[] = [];
  let changed = Promise.withResolvers<void>();
  const happened = () => {
    changed.resolve();
    changed = Promise.withResolvers();
  };
  const replica = await Replica.open({
    ...{ url: fake.url, modelId: 'mine', sha256: SHA256, reading: VERDICTS, maxBatch: 32, goldenResults, clock },
    onTrouble: (error) => {
      troubles.push(error);
      happened();
    },
    onRestart: ({ reason }) => {
      restarts.push(reason);
      happened();
    },
    ...options,
  });
  onTestFinished(() => replica.close());
  /** Advances the clock and waits until the replica is ejected or admitted. */
  const advanceUntilChanged = async (ms: number) => {
    const next = changed.promise;
    clock.advance(ms);
    await next;
  };
  return { fake, replica, clock, troubles, restarts, advanceUntilChanged };
}

const likesOf = (results: readonly { readonly like: number }[]) => results.map(({ like }) => like * 256);

/** Returns the code of the fault because of which a batch failed. */
const faultOf = async (running: Promise<unknown>) => {
  const error = (await running.catch((thrown: unknown) => thrown)) as { code: string; cause: ReplicaFault };
  expect(error.code).toBe('engine_failed');
  return error.cause.code;
};

const pause = (response: ServerResponse) => response.flushHeaders();

function writeWithoutEnd(response: ServerResponse): true {
  const more = () => response.write(new Uint8Array(65_536), (error) => error ?? more());
  more();
  return true;
}

/** Everything that can be wrong with a replica, and what it is called. */
const FAULTS: readonly [string, ReplicaFaultCode, Partial<Behavior>][] = [
  [
    'other values than numbers',
    'replica_answer_invalid',
    { outputs: (all) => all.map((one) => ({ ...one, values: one.values.map(() => Number.NaN) })) },
  ],
  [
    'an infinite value',
    'replica_answer_invalid',
    {
      outputs: ([first, second]) => [first!, { ...second!, values: second!.values.with(3, Number.POSITIVE_INFINITY) }],
    },
  ],
  [
    'confidences that don’t add up',
    'replica_answer_invalid',
    { outputs: ([first, second]) => [{ ...first!, values: first!.values.map(() => 0.7) }, second!] },
  ],
  [
    'a confidence below 0',
    'replica_answer_invalid',
    {
      outputs: ([first, second]) => [
        { ...first!, values: first!.values.map((_, at) => (at % 2 ? -0.5 : 1.5)) },
        second!,
      ],
    },
  ],
  [
    'another output type',
    'replica_answer_invalid',
    { outputs: (all) => all.map((one) => ({ ...one, datatype: 'FP64' })) },
  ],
  [
    'another output shape',
    'replica_answer_invalid',
    { outputs: ([first, second]) => [first!, { ...second!, shape: [second!.shape[0]!, 49] }] },
  ],
  [
    'results of more photos',
    'replica_answer_invalid',
    {
      outputs: (all) => all.map(({ shape: [photos, ...rest], ...one }) => ({ ...one, shape: [photos! + 1, ...rest] })),
    },
  ],
  ['a missing output', 'replica_answer_invalid', { outputs: ([first]) => [first!] }],
  ['an output twice', 'replica_answer_invalid', { outputs: ([first, second]) => [first!, first!, second!] }],
  [
    'sizes beyond its response',
    'replica_answer_invalid',
    {
      answer: (answer) => ({
        ...answer,
        outputs: answer.outputs.map((one) => ({ ...one, parameters: { binary_data_size: 1e9 } })),
      }),
    },
  ],
  ['no outputs at all', 'replica_answer_invalid', { answer: () => ({ model_name: 'swipenet' }) }],
  [
    'another file that responds',
    'replica_model_mismatch',
    { answer: (answer) => ({ ...answer, parameters: { swipenet_sha256: 'b'.repeat(64) } }) },
  ],
  [
    'a redirect',
    'replica_redirects',
    { respond: (_, response) => Boolean(response.writeHead(307, { Location: 'http://127.0.0.1:9/' }).end()) },
  ],
  [
    'an encoded response',
    'replica_answer_invalid',
    { respond: (_, response) => Boolean(response.writeHead(200, { 'Content-Encoding': 'gzip' }).end('x')) },
  ],
  [
    'a page and not JSON',
    'replica_answer_invalid',
    { respond: (_, response) => Boolean(response.writeHead(200).end('<html>')) },
  ],
  [
    'a length beyond all bounds',
    'replica_answer_too_large',
    {
      respond: (_, response) => {
        response.writeHead(200, { 'Content-Length': '99999999999' });
        pause(response);
        return true;
      },
    },
  ],
  ['a response without end', 'replica_answer_too_large', { respond: (_, response) => writeWithoutEnd(response) }],
  [
    'more than its Content-Length says',
    'replica_answer_invalid',
    {
      respond: ({ url }, response) => {
        if (!url?.endsWith('/infer')) return false;
        return Boolean(response.writeHead(200, { 'Content-Length': 10 }).end('{"model_name":"swipenet","outputs":[]}'));
      },
    },
  ],
  [
    'less than its Content-Length says',
    'replica_unreachable',
    {
      respond: (_, response) => {
        response.writeHead(200, { 'Content-Length': '1000' }).write('x', () => response.destroy());
        return true;
      },
    },
  ],
  [
    'a refusal',
    'replica_refuses',
    { respond: (_, response) => Boolean(response.writeHead(401).end('{"error":"no token"}')) },
  ],
];

describe('a replica', () => {
  it('is used once it says that it has the right file', async () => {
    const { replica, fake } = await setUp();
    expect(replica.alive).toBe(true);
    expect(likesOf(await replica.run([crop(7), crop(200), crop(0)]))).toEqual([7, 200, 0]);
    expect(fake.asked.at(-1)).toMatchObject({ isBinary: true, parameters: { priority: 1, timeout: 8_000_000 } });
    expect(replica.stats).toMatchObject({
      batches: 1,
      photos: 3,
      replica: { url: fake.url, failures: 0, ejections: {} },
    });
  });

  it('gets the priority, the time that is left, and the token', async () => {
    const { replica, fake, clock } = await setUp({}, { token: 'secret' });
    clock.advance(1_000);
    await replica.run([crop(1)], { priority: 'ahead', until: 2_500 });
    expect(fake.asked.at(-1)).toMatchObject({
      parameters: { priority: 2, timeout: 1_500_000 },
      headers: { authorization: 'Bearer secret', 'accept-encoding': 'identity' },
    });
  });

  it('may have the model under its ID, beside another one named swipenet', async () => {
    const isOther = (url = '') => url.includes('/swipenet/');
    const { replica } = await setUp({
      names: ['mine', 'swipenet'],
      respond: (request, response) => isOther(request.url) && Boolean(response.writeHead(500).end()),
    });
    expect(replica.alive).toBe(true);
  });

  it('is sent JSON if it doesn’t accept binary tensors', async () => {
    const { replica, fake } = await setUp({ extensions: [], acceptsBinary: false });
    expect(likesOf(await replica.run([crop(9), crop(90)]))).toEqual([9, 90]);
    expect(fake.asked.map(({ isBinary }) => isBinary)).toEqual([false, false]);
  });

  it('is sent JSON if its error about binary tensors is larger than any result', async () => {
    const isBinary = ({ headers }: IncomingMessage) => 'inference-header-content-length' in headers;
    const { replica } = await setUp({
      extensions: [],
      respond: (request, response) => isBinary(request) && Boolean(response.writeHead(500).end('x'.repeat(300_000))),
    });
    expect(likesOf(await replica.run([crop(9), crop(90)]))).toEqual([9, 90]);
  });

  it('is sent binary tensors if it accepts them without saying so', async () => {
    const { replica, fake } = await setUp({ extensions: [] });
    await replica.run([crop(9)]);
    expect(fake.asked.map(({ isBinary }) => isBinary)).toEqual([true, true]);
  });

  it('proves itself by two test photos if it doesn’t say which file it has', async () => {
    const { replica } = await setUp({ sha256: null });
    expect(replica.alive).toBe(true);
  });

  it.each<[string, ReplicaFaultCode, Partial<Behavior>]>([
    ['another file', 'replica_model_mismatch', { sha256: 'b'.repeat(64) }],
    [
      'other results of the test photos',
      'replica_model_mismatch',
      {
        sha256: null,
        outputs: ([first, second]) => [first!, { ...second!, values: second!.values.map((value) => value + 0.02) }],
      },
    ],
    [
      'the same result of every photo',
      'replica_model_mismatch',
      { outputs: ([first, second]) => [first!, { ...second!, values: second!.values.map(() => 1) }] },
    ],
    [
      'another input type',
      'replica_model_mismatch',
      { metadata: ({ inputs, outputs }) => ({ inputs: inputs.map((one) => ({ ...one, datatype: 'FP32' })), outputs }) },
    ],
    [
      'other sizes',
      'replica_model_mismatch',
      {
        metadata: ({ inputs, outputs }) => ({
          inputs: inputs.map((one) => ({ ...one, shape: [-1, 3, 299, 299] })),
          outputs,
        }),
      },
    ],
    [
      'no output evidence',
      'replica_model_mismatch',
      { metadata: ({ inputs, outputs }) => ({ inputs, outputs: outputs.slice(0, 1) }) },
    ],
    ['small batches', 'replica_model_mismatch', { maxBatch: 8 }],
    ['no such model', 'replica_not_ready', { names: ['other'] }],
    ['a model that isn’t ready', 'replica_not_ready', { ready: 400 }],
    ['a model that isn’t available', 'replica_not_ready', { ready: 503 }],
    ['no capacity', 'replica_busy', { ready: 429 }],
    ['an error without end', 'replica_failed', { respond: (_, response) => writeWithoutEnd(response.writeHead(500)) }],
    ['a connection that it closes', 'replica_unreachable', { respond: (_, response) => Boolean(response.destroy()) }],
    ...FAULTS,
  ])('with %s is never used, and the reason is %s', async (_what, code, change) => {
    const { replica, troubles } = await setUp(change);
    expect([replica.alive, replica.fault?.code, troubles.length]).toEqual([false, code, 1]);
    expect(await faultOf(replica.run([crop(1)]))).toBe(code);
    expect(replica.stats.replica).toMatchObject({ fault: { code }, ejections: { [code]: 1 } });
  });

  it.each(FAULTS)('that begins to have %s is ejected and gives no verdict', async (_what, code, change) => {
    const { replica, fake, restarts, advanceUntilChanged } = await setUp();
    const { behavior } = fake;
    const before = { ...behavior };
    Object.assign(behavior, change);
    expect(await faultOf(replica.run([crop(1)]))).toBe(code);
    expect([replica.alive, replica.fault?.code]).toEqual([false, code]);
    Object.assign(behavior, before);
    const admitted = replica.ready();
    await advanceUntilChanged(1_000);
    await admitted;
    expect([replica.alive, restarts]).toEqual([true, ['died']]);
    expect(likesOf(await replica.run([crop(5)]))).toEqual([5]);
  });

  it('is ejected when it is replaced by another version that says no file', async () => {
    const { replica, fake } = await setUp({ answer: (answer) => ({ ...answer, model_version: '1' }) });
    fake.behavior.answer = (answer) => ({ ...answer, model_version: '2' });
    expect(await faultOf(replica.run([crop(1)]))).toBe('replica_model_mismatch');
  });

  it.each<[string, Partial<Behavior>, ReplicaFaultCode]>([
    ['is no longer ready', { ready: 400 }, 'replica_not_ready'],
    ['is no longer available', { ready: 503 }, 'replica_not_ready'],
    ['has another file', { sha256: 'b'.repeat(64) }, 'replica_model_mismatch'],
    ['no longer says which file', { sha256: null }, 'replica_model_mismatch'],
  ])('that %s is ejected by the next check, and so are its batches', async (_what, change, code) => {
    const { replica, fake, clock, advanceUntilChanged } = await setUp();
    const held = Promise.withResolvers<void>();
    const arrived = Promise.withResolvers<void>();
    fake.behavior.hold = async () => {
      arrived.resolve();
      await held.promise;
    };
    const running = replica.run([crop(1)]);
    await arrived.promise;
    Object.assign(fake.behavior, change);
    clock.advance(4_999);
    expect(replica.alive).toBe(true);
    await advanceUntilChanged(1);
    expect([replica.fault?.code, await faultOf(running)]).toEqual([code, code]);
    held.resolve();
  });

  it('is tried again after 1, 2, 4 and up to 30 seconds', async () => {
    const { replica, fake, clock } = await setUp({ ready: 400 });
    for (const seconds of [1, 2, 4, 8, 16, 30, 30]) {
      await until(() => clock.delaysMs.length === 1 && clock.delaysMs[0] === seconds * 1000);
      clock.advance(seconds * 1000);
    }
    await until(() => clock.delaysMs[0] === 30_000);
    fake.behavior.ready = 200;
    clock.advance(30_000);
    await replica.ready();
    expect(replica.stats.replica?.ejections).toEqual({ replica_not_ready: 1 });
  });

  it('without capacity is ejected only after three failures in a row', async () => {
    const { replica, fake } = await setUp();
    let full = true;
    fake.behavior.respond = (_, response) =>
      full && Boolean(response.writeHead(503).end('{"error":"Exceeds maximum queue size"}'));
    for (const isFull of [true, true, false, true, true]) {
      full = isFull;
      const running = replica.run([crop(1)]);
      if (isFull) expect(await faultOf(running)).toBe('replica_busy');
      else await running;
      expect(replica.alive).toBe(true);
    }
    expect(await faultOf(replica.run([crop(1)]))).toBe('replica_busy');
    expect(replica.alive).toBe(false);
  });

  it('that doesn’t respond within 8 seconds is ejected', async () => {
    const { replica, fake, clock, advanceUntilChanged, restarts } = await setUp();
    const arrived = Promise.withResolvers<void>();
    fake.behavior.hold = () => {
      arrived.resolve();
      return new Promise(() => {});
    };
    const running = faultOf(replica.run([crop(1)]));
    await arrived.promise;
    clock.advance(3_000); // before the first check
    await advanceUntilChanged(5_000);
    expect([await running, replica.alive]).toEqual(['replica_timeout', false]);
    fake.behavior.hold = async () => {};
    await until(() => clock.delaysMs.includes(1_000));
    await advanceUntilChanged(1_000);
    expect(restarts).toEqual(['hung']);
  });

  it('may keep a check waiting for as long as a batch takes', async () => {
    const { replica, fake, clock } = await setUp();
    const asked = Promise.withResolvers<ServerResponse>();
    fake.behavior.respond = (_, response) => {
      asked.resolve(response);
      return true;
    };
    clock.advance(5_000);
    const waiting = await asked.promise;
    fake.behavior.respond = () => false;
    clock.advance(8_000);
    waiting.writeHead(200).end();
    await until(() => clock.delaysMs.includes(5_000)); // until the next check
    expect(replica.alive).toBe(true);
  });

  it('isn’t to blame for a deadline that had nearly passed', async () => {
    const { replica, fake, clock } = await setUp();
    const arrived = Promise.withResolvers<void>();
    fake.behavior.hold = () => {
      arrived.resolve();
      return new Promise(() => {});
    };
    const running = faultOf(replica.run([crop(1)], { until: 300 }));
    await arrived.promise;
    clock.advance(300);
    expect([await running, replica.alive]).toEqual(['replica_timeout', true]);
  });

  it('stays if it closes a used connection, and not if it closes a new one', async () => {
    const { replica, fake } = await setUp();
    let closes = true;
    fake.behavior.respond = (_, response) => closes && Boolean(response.destroy());
    expect([await faultOf(replica.run([crop(1)])), replica.alive]).toEqual(['replica_connection_lost', true]);
    closes = false;
    expect(likesOf(await replica.run([crop(2)]))).toEqual([2]);
    closes = true;
    expect([await faultOf(replica.run([crop(3)])), replica.alive]).toEqual(['replica_connection_lost', true]);
    expect([await faultOf(replica.run([crop(3)])), replica.alive]).toEqual(['replica_unreachable', false]); // a new one
  });

  it('finishes its batches before it closes, and takes no more', async () => {
    const { replica, fake } = await setUp();
    const held = Promise.withResolvers<void>();
    fake.behavior.hold = () => held.promise;
    const running = replica.run([crop(3)]);
    const closed = replica.close();
    held.resolve();
    expect(likesOf(await running)).toEqual([3]);
    await closed;
    await expect(replica.ready()).rejects.toMatchObject({ code: 'shutting_down' });
    expect(replica.alive).toBe(false);
  });

  it('may close a connection once while it is checked', async () => {
    const closed: string[] = [];
    const { replica } = await setUp({
      respond: ({ url = '' }, response) =>
        !closed.includes(url) && url !== '/v2' && Boolean(closed.push(url) && response.destroy()),
    });
    expect([replica.alive, closed.at(-1)]).toEqual([true, '/v2/models/swipenet/infer']);
  });

  it('with a certificate that nobody trusts gets neither photos nor the token', async () => {
    const fake = await FakeReplica.start({}, await selfSignedCertificate(['127.0.0.1']));
    const { replica } = await setUp({}, { url: fake.url, token: 'secret' });
    expect([replica.fault?.code, fake.asked]).toEqual(['replica_unreachable', []]);
    expect(replica.fault?.message).toContain('certificate');
  });

  it('never has its address in the error that the client sees', async () => {
    const { replica, fake, troubles } = await setUp({ ready: 400 });
    const error = (await replica.run([crop(1)]).catch((thrown: unknown) => thrown)) as Error;
    expect(error.message).not.toContain('127.0.0.1');
    expect(troubles[0]!.message).toContain(fake.url);
  });
});
