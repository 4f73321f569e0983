import { ROUTES } from '@swipenet/shared/contract/routes.ts';
import { scoreAnswerSchema } from '@swipenet/shared/contract/score.ts';
import { statusAnswerSchema } from '@swipenet/shared/contract/status.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addOwnHead } from '../support/own-head.ts';
import { formulaPhoto } from '../support/photos.ts';
import type { RealServer } from '../support/real-server.ts';
import { headersOf, type ServerChain, scoreWithEvidence, startChain } from '../support/server-chain.ts';

/** What was learned from swipes stays on the server in front. The other one has only `base`, and runs it for any head. */
describe('a server in front of one that offers base', () => {
  let back: RealServer;
  let front: RealServer;
  let chain: ServerChain | undefined;
  beforeAll(async () => {
    chain = await startChain(['--offer-base']);
    ({ front, back } = chain);
  }, 60_000);
  afterAll(() => chain?.remove());
  const score = async (server: RealServer, photos: readonly Uint8Array[]) =>
    scoreAnswerSchema.parse(await (await scoreWithEvidence(server, photos)).json());

  it('applies its own heads to base on the other one, agrees with a whole model, and switches between them', async () => {
    await Promise.all([1, 2].map((seed) => addOwnHead([front.home, back.home], `head-${seed}`, seed)));
    const { method, path } = ROUTES.reload;
    const switchTo = async (server: RealServer, id: string) => {
      const response = await fetch(server.url + path, {
        method,
        headers: headersOf(server),
        body: JSON.stringify({ id }),
      });
      expect([response.status, id]).toEqual([200, id]);
    };
    const photos = await Promise.all([350, 360].map((width) => formulaPhoto(width, 260).png().toBuffer()));
    const numbersBy = async (server: RealServer) => {
      const { photos: scored, model } = await score(server, photos);
      return {
        model,
        likes: scored.map((photo) => ('error' in photo ? Number.NaN : photo.like)),
        evidence: scored.flatMap((photo) => ('error' in photo ? [Number.NaN] : photo.evidence!.flat())),
      };
    };
    const expected = new Map<string, Awaited<ReturnType<typeof numbersBy>>>();
    for (const id of ['head-1', 'head-2']) {
      await switchTo(back, id);
      expected.set(id, await numbersBy(back));
    }
    expect(Math.abs(expected.get('head-1')!.likes[0]! - expected.get('head-2')!.likes[0]!)).toBeGreaterThan(1e-3);

    await switchTo(front, 'head-1');
    const seen: string[] = [];
    let switching: Promise<void> | undefined;
    while (seen.at(-1) !== 'head-2') {
      const actual = await numbersBy(front);
      switching ??= switchTo(front, 'head-2');
      seen.push(actual.model);
      const right = expected.get(actual.model)!;
      for (const [at, like] of actual.likes.entries()) expect(like).toBeCloseTo(right.likes[at]!, 5);
      for (const [at, logit] of actual.evidence.entries()) expect(logit).toBeCloseTo(right.evidence[at]!, 4);
    }
    expect(seen[0]).toBe('head-1');
    await switching;
    const status = await fetch(front.url + ROUTES.status.path, { headers: headersOf(front) });
    expect(statusAnswerSchema.parse(await status.json()).engines).toMatchObject([
      { alive: true, replica: { fault: null, failures: 0 } },
    ]);
  }, 120_000);
});
