import { join } from 'node:path';
import { ROUTES } from '@swipenet/shared/contract/routes.ts';
import { scoreAnswerSchema } from '@swipenet/shared/contract/score.ts';
import { type StatusAnswer, statusAnswerSchema } from '@swipenet/shared/contract/status.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addOwnModel } from '../support/own-model.ts';
import { formulaPhoto } from '../support/photos.ts';
import { RealServer } from '../support/real-server.ts';
import type { Relay } from '../support/relay.ts';
import { headersOf, type ServerChain, scoreWithEvidence, startChain } from '../support/server-chain.ts';

/** A server in front of another one: photos are decoded by the first and scored by the second. */
describe('a server in front of another one', () => {
  let back: RealServer;
  let front: RealServer;
  let relay: Relay;
  let chain: ServerChain | undefined;
  beforeAll(async () => {
    chain = await startChain();
    ({ front, back, relay } = chain);
  });
  afterAll(() => chain?.remove());
  const answerOf = async (response: Response) => scoreAnswerSchema.parse(await response.json());
  const statusOf = async (server: RealServer): Promise<StatusAnswer> => {
    const response = await fetch(server.url + ROUTES.status.path, { headers: headersOf(server) });
    return statusAnswerSchema.parse(await response.json());
  };

  it('returns what the other one returns, and runs no engine itself', async () => {
    const photos = await Promise.all([300, 310, 320, 330].map((width) => formulaPhoto(width, 260).png().toBuffer()));
    const [mine, other] = await Promise.all(
      [front, back].map(async (one) => answerOf(await scoreWithEvidence(one, photos))),
    );
    const numbers = ({ photos: scored }: typeof mine & {}) =>
      scored.flatMap((photo) => ('error' in photo ? [Number.NaN] : [photo.like, ...photo.evidence!.flat()]));
    expect(numbers(mine!)).toHaveLength(4 * 50);
    for (const [at, value] of numbers(mine!).entries()) expect(value).toBeCloseTo(numbers(other!)[at]!, 5);
    expect(mine!.decision).toEqual(other!.decision);
    const { engines, device } = await statusOf(front);
    expect(device.name).toBe('replicas');
    expect(engines).toMatchObject([{ alive: true, pid: null, replica: { url: relay.url, fault: null, failures: 0 } }]);
  });

  it('keeps its model if the other one doesn’t have the next one', async () => {
    addOwnModel(front.home, 'mine');
    const { method, path } = ROUTES.reload;
    const response = await fetch(front.url + path, { method, headers: headersOf(front), body: '{"id":"mine"}' });
    expect([response.status, await response.text()]).toEqual([409, expect.stringContaining('replica_model_mismatch')]);
    const { state, model } = await statusOf(front);
    expect([state, model.id]).toEqual(['ready', 'quality']);
  });

  // A server that was killed would need longer to start on a busy machine than the request waits.
  it('isn’t ready while the other one is away, names the reason, and finishes what waits when it is back', async () => {
    relay.cut();
    const waiting = scoreWithEvidence(front, [await formulaPhoto(340, 260).png().toBuffer()]);
    const ejected = async () => (await statusOf(front)).engines[0]?.replica?.fault?.code;
    await expect.poll(ejected).toBe('replica_unreachable');
    expect((await statusOf(front)).state).toBe('not_ready');
    relay.mend();
    expect((await waiting).status).toBe(200);
    expect((await statusOf(front)).engines[0]).toMatchObject({ alive: true, restarts: { died: 1 } });
  });

  it('doesn’t start in front of one with another model', async () => {
    const flags = ['--precision', 'int8', '--engine', 'oip', '--engine-url', back.url];
    await expect(RealServer.start([...flags, '--engine-token-file', join(back.home, 'token')])).rejects.toThrow(
      'ended before it was listening',
    );
  });
});
