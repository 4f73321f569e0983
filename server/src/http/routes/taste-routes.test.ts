import { describe, expect, it } from 'vitest';
import { testAccess } from '../../../../test/support/access.ts';
import { DECIDED, swipeClient, UNDECIDED } from '../../../../test/support/swipe-client.ts';
import { newDesk } from '../../../../test/support/taste-desk.ts';
import { newStore } from '../../../../test/support/taste-store.ts';
import { CommandError } from '../../command-error.ts';
import type { Device } from '../../home/device-store.ts';

const failing = (code: CommandError['code']) => () => {
  throw new CommandError(code, 'something about /home/secret/taste.db');
};

describe('the report on a taste', () => {
  it('is empty in the beginning', async () => {
    expect(await swipeClient().taste()).toEqual({
      ...{ taste: 'owner', likes: 0, passes: 0, likeRate: null, pending: 0 },
      ...{ withFeatures: 0, withoutFeatures: 0, stale: 0, versions: [], keepsPhotos: false, secondSession: null },
      profileKey: Buffer.alloc(32, 7).toString('base64url'),
      learning: { isRunning: false, every: 10, last: null },
      agreement: {
        ...{ likes: { agreed: 0, disagreed: 0 }, passes: { agreed: 0, disagreed: 0 }, balanced: null, faded: null },
        ...{ lowerBound: 0, required: 0.6, isOpen: false, timesShut: 0 },
      },
    });
  });

  it('computes agreement again for another threshold, from the stored probabilities', async () => {
    const { swipePhotos, taste } = swipeClient();
    const swipes = [
      ['right', 'right', 0.6],
      ['left', 'right', 0.5],
    ] as const;
    for (const [swipe, decision, probability] of swipes) {
      const before = { ...DECIDED, decision, probability, threshold: 0.4, model: 'taste-0001' };
      await swipePhotos([1], { ...before, swipe, profile: `${probability}` });
    }
    expect((await taste()).agreement.passes).toEqual({ agreed: 0, disagreed: 1 });
    expect((await taste('?threshold=0.55')).agreement.passes).toEqual({ agreed: 1, disagreed: 0 });
    expect((await taste('?threshold=x')).error).toMatchObject({ code: 'threshold_invalid' });
  });

  it('says that features of an earlier base are stale', async () => {
    const { swipePhotos, taste } = swipeClient({ taste: newDesk({ base: () => 'cd'.repeat(32) }) });
    await swipePhotos([1], UNDECIDED);
    expect(await taste()).toMatchObject({ stale: 1, withFeatures: 1 });
  });
});

describe('a database that can’t be used', () => {
  it.each([
    ['taste_newer', 503, 'taste_unavailable'],
    ['taste_unusable', 503, 'taste_unavailable'],
    ['taste_busy', 503, 'taste_unavailable'],
    ['taste_disk_full', 507, 'taste_disk_full'],
  ] as const)('(%s) is an error with a code and no path, and scoring goes on', async (code, status, answered) => {
    const { ask, swipePhotos, score } = swipeClient({ taste: newDesk({ openStore: failing(code) }) });
    for (const refused of [
      await swipePhotos([1], UNDECIDED),
      await ask('GET', '/v1/swipes'),
      await ask('DELETE', '/v1/swipes/1'),
      await ask('GET', '/v1/taste'),
      await ask('DELETE', '/v1/taste'),
      await ask('GET', '/v1/taste/export'),
    ]) {
      expect(refused).toMatchObject({ status, json: { error: { code: answered } } });
      expect(refused.text).not.toContain('secret');
    }
    expect(await score(90)).toMatchObject({ decision: { swipe: 'right' }, notKept: { code: answered } });
  });

  it('is tried again with the next request', async () => {
    let isBroken = true;
    const openStore = () => (isBroken ? failing('taste_busy')() : newStore().store);
    const { ask } = swipeClient({ taste: newDesk({ openStore }) });
    expect((await ask('GET', '/v1/swipes')).status).toBe(503);
    isBroken = false;
    expect((await ask('GET', '/v1/swipes')).status).toBe(200);
  });
});

describe('the export', () => {
  it('has a line of JSON per swipe, with the features', async () => {
    const { swipePhotos, ask } = swipeClient();
    for (const profile of ['one', 'two']) await swipePhotos([7, 8], { ...DECIDED, profile });
    const { text } = await ask('GET', '/v1/taste/export');
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ profile, photos }) => [profile, photos.length])).toEqual([
      ['one', 2],
      ['two', 2],
    ]);
    expect(Buffer.from(lines[0].photos[0].features, 'base64')).toHaveLength(3712);
  });
});

describe('a device with a taste of its own', () => {
  const device: Device = {
    ...{ format: 1, id: '0a1b2c3d', name: 'Someone else', origin: null, pairedAt: '2026-11-27T12:00:00Z' },
    ...{ taste: 'own', tokenSha256: '' },
  };
  const devices = {
    find: (token: string) => (token === 'own-token' ? device : undefined),
    add: async () => ({ device, token: '' }),
  };

  it('neither sees nor changes the owner’s', async () => {
    const { ask, swipePhotos, taste } = swipeClient({ access: testAccess({ devices }) });
    await swipePhotos([1], UNDECIDED);
    const own = async (method: string, path: string) => await ask(method, path, undefined, 'own-token');
    expect((await own('GET', '/v1/taste')).json).toMatchObject({ taste: 'own', likes: 0, versions: [] });
    expect((await own('GET', '/v1/swipes')).json.swipes).toEqual([]);
    expect((await own('GET', '/v1/taste/export')).text).toBe('');
    expect((await own('DELETE', '/v1/swipes/1')).status).toBe(404);
    expect((await own('DELETE', '/v1/taste')).json).toEqual({ swipes: 0, versions: 0 });
    expect(await taste()).toMatchObject({ likes: 1 });
    for (const path of ['/v1/taste/learn', '/v1/taste/activate', '/v1/taste/rollback']) {
      expect(await own('POST', path)).toMatchObject({ status: 409, json: { error: { code: 'taste_not_served' } } });
    }
  });
});

describe('versions', () => {
  it('that don’t exist can’t be activated or gone back to', async () => {
    const { ask } = swipeClient();
    const unknown = { status: 404, json: { error: { code: 'version_unknown' } } };
    for (const version of ['taste-0001', 'quality', '../x']) {
      expect(await ask('POST', '/v1/taste/activate', JSON.stringify({ version }))).toMatchObject(unknown);
    }
    expect(await ask('POST', '/v1/taste/rollback')).toMatchObject(unknown);
    expect(await ask('POST', '/v1/taste/activate', '{}')).toMatchObject({ status: 400 });
  });
});
