import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DECIDED, swipeClient, UNDECIDED } from '../../../../test/support/swipe-client.ts';
import { newDesk } from '../../../../test/support/taste-desk.ts';
import { CommandError } from '../../command-error.ts';

const refusal = (status: number, code: string, message: unknown = expect.any(String)) => ({
  status,
  json: { error: { code, message, requestId: expect.any(String) } },
});

describe('a score to learn from', () => {
  it('has an ID that stays the same for the same photos, and depends on everything else', async () => {
    const { score, ask } = swipeClient();
    const { scoreId, ask: isWorthAsking } = await score(10, 20);
    expect(scoreId).toMatch(/^[\w-]{22}$/);
    expect(isWorthAsking).toBe(true); // like every profile at the beginning
    expect((await score(10, 20)).scoreId).toBe(scoreId);
    const others = [await score(20, 10), await score(10), await score(10, 20, 30)].map((other) => other.scoreId);
    const body = new FormData();
    for (const percent of [10, 20]) body.append('photo', new Blob([Uint8Array.of(percent)]), 'photo.jpg');
    body.set('learn', '1');
    body.set('threshold', '0.7');
    others.push((await ask('POST', '/v1/score', body)).json.scoreId);
    expect(new Set([scoreId, ...others]).size).toBe(5);
  });

  it('keeps nothing unless it is asked to', async () => {
    const { ask, taste } = swipeClient();
    const body = new FormData();
    body.append('photo', new Blob([Uint8Array.of(10)]), 'photo.jpg');
    const { json } = await ask('POST', '/v1/score', body);
    expect(json).not.toHaveProperty('scoreId');
    expect(await taste()).toMatchObject({ pending: 0 });
    body.set('learn', 'yes');
    expect(await ask('POST', '/v1/score', body)).toMatchObject(refusal(400, 'learn_invalid'));
  });

  it('says why it can’t be kept, and has the scores all the same', async () => {
    const openStore = () => {
      throw new CommandError('taste_disk_full', 'the disk with /home/secret/taste.db is full');
    };
    const { score, lines } = swipeClient({ taste: newDesk({ openStore }) });
    const answer = await score(10, 90);
    expect(answer).toMatchObject({
      decision: { swipe: 'right' },
      notKept: { code: 'taste_disk_full', message: 'the server’s disk is full, so nothing was stored' },
    });
    expect(JSON.stringify([answer, lines])).not.toContain('secret');
  });
});

describe('a swipe', () => {
  it('has what was decided before, from its score', async () => {
    const { score, swipe, ask } = swipeClient();
    const { scoreId, decision } = await score(10, 90);
    const { status, json } = await swipe({ ...DECIDED, scoreId });
    expect(status).toBe(200);
    expect(json).toMatchObject({ id: 1, outcome: 'added', photos: 2, likes: 1, passes: 0 });
    expect(json.agreement).toMatchObject({ likes: { agreed: 1, disagreed: 0 }, isOpen: false, required: 0.6 });
    expect((await ask('GET', '/v1/swipes')).json.swipes[0]).toMatchObject({
      ...{ site: 'demo', profile: 'someone', swipe: 'right', photoCount: 2, photos: 2, verdict: 'hidden' },
      before: {
        ...{ decision: 'right', decidedBy: 'network', model: 'taste-0001', threshold: 0.4 },
        probability: decision.like,
      },
    });
  });

  it('changes nothing the second time, replaces another one of the same profile, and says so', async () => {
    const { score, swipe, taste } = swipeClient();
    const { scoreId } = await score(10, 90);
    const outcomeOf = async (fields: object) => (await swipe(fields)).json.outcome;
    expect(await outcomeOf({ ...DECIDED, scoreId })).toBe('added');
    expect(await outcomeOf({ ...DECIDED, scoreId })).toBe('unchanged'); // the first response got lost
    expect(await outcomeOf({ ...DECIDED, scoreId, swipe: 'left' })).toBe('replaced');
    const { likes, passes, withFeatures, agreement } = await taste();
    expect([likes, passes, withFeatures]).toEqual([0, 1, 1]);
    expect(agreement).toMatchObject({ passes: { agreed: 0, disagreed: 0 } }); // a replaced swipe doesn't count
  });

  it('needs photos if its score is unknown or has been used for another profile', async () => {
    const { score, swipe, swipePhotos } = swipeClient();
    const { scoreId } = await score(50);
    expect(await swipe({ ...UNDECIDED, scoreId: 'never-given-out' })).toMatchObject(refusal(410, 'score_unknown'));
    await swipe({ ...UNDECIDED, scoreId });
    expect(await swipe({ ...UNDECIDED, profile: 'other', scoreId })).toMatchObject(refusal(410, 'score_unknown'));
    const { json } = await swipePhotos([50], { ...UNDECIDED, profile: 'other' });
    expect(json).toMatchObject({ outcome: 'added', photos: 1, likes: 2 });
  });

  it('with photos has all their features, and is stored without any if none can be read', async () => {
    const { swipePhotos, taste } = swipeClient();
    expect((await swipePhotos([10, 255, 30], DECIDED)).json).toMatchObject({ photos: 2 });
    const { status, json } = await swipePhotos([255], { ...UNDECIDED, profile: 'nobody', photoCount: 4 });
    expect([status, json.photos]).toEqual([200, 0]);
    expect(await taste()).toMatchObject({ withFeatures: 1, withoutFeatures: 1 });
  });

  it('with neither a score nor photos is counted, but nothing can be learned from it', async () => {
    const { swipe, taste } = swipeClient();
    expect((await swipe(UNDECIDED)).json).toMatchObject({ outcome: 'added', photos: 0, likes: 1 });
    expect(await taste()).toMatchObject({ likes: 1, withFeatures: 0, withoutFeatures: 1 });
  });

  it('is gone when it is deleted, once', async () => {
    const { score, swipe, ask, taste } = swipeClient();
    const { scoreId } = await score(10);
    const { id } = (await swipe({ ...UNDECIDED, scoreId })).json;
    expect(await ask('DELETE', `/v1/swipes/${id}`)).toMatchObject({ status: 200, json: { deleted: id } });
    for (const unknown of [id, 'x', '-1', '1e3', '99999999999999999999']) {
      expect(await ask('DELETE', `/v1/swipes/${unknown}`)).toMatchObject(refusal(404, 'swipe_unknown'));
    }
    expect(await taste()).toMatchObject({ likes: 0, likeRate: null });
  });

  it.each<[object, string, unknown]>([
    [{ swipe: 'up' }, 'swipe_invalid', 'swipe must be left or right'],
    [{ swipe: undefined }, 'swipe_invalid', 'swipe must be left or right'],
    [{ site: 'Tinder!' }, 'swipe_invalid', expect.stringContaining('site')],
    [{ profile: '' }, 'swipe_invalid', expect.stringContaining('profile')],
    [{ profile: 'x'.repeat(129) }, 'swipe_invalid', 'profile must be an ID of 1 to 128 characters'],
    [{ profile: 'a\u202eb' }, 'swipe_invalid', expect.stringContaining('profile')],
    [{ verdict: 'seen' }, 'swipe_invalid', expect.stringContaining('verdict')],
    [{ verdict: 'hidden' }, 'swipe_invalid', expect.stringContaining('verdict')],
    [{ decision: 'right' }, 'swipe_invalid', expect.stringContaining('decidedBy')],
    [
      { decision: 'super', decidedBy: 'network', verdict: 'hidden' },
      'swipe_invalid',
      expect.stringContaining('decision'),
    ],
    [{ ...DECIDED, decidedBy: 'mood' }, 'swipe_invalid', expect.stringContaining('decidedBy')],
    [{ ...DECIDED, verdict: 'none' }, 'swipe_invalid', expect.stringContaining('verdict')],
    [{ photoCount: 0 }, 'swipe_invalid', expect.stringContaining('photoCount')],
    [{ probability: 1.5 }, 'swipe_invalid', expect.stringContaining('probability')],
    [{ threshold: '0.4' }, 'swipe_invalid', expect.stringContaining('threshold')],
    [{ name: 'Alex' }, 'field_unknown', 'unknown field "name"'],
  ])('with %j is refused, and nothing is stored', async (change, code, message) => {
    const { score, swipe, taste } = swipeClient();
    const { scoreId } = await score(10);
    expect(await swipe({ ...UNDECIDED, scoreId, ...change })).toMatchObject(refusal(400, code, message));
    expect(await taste()).toMatchObject({ likes: 0, passes: 0, pending: 1 });
  });

  it.each([
    ['', 'body_malformed'],
    ['[1]', 'body_malformed'],
    ['{"swipe":', 'body_malformed'],
  ])('with the body %j is refused', async (body, code) => {
    expect(await swipeClient().ask('POST', '/v1/swipes', body)).toMatchObject(refusal(400, code));
  });

  it('in a form is refused if its photos or fields don’t fit', async () => {
    const { swipePhotos } = swipeClient();
    expect(await swipePhotos([], UNDECIDED)).toMatchObject(refusal(400, 'photos_missing'));
    expect(await swipePhotos([1, 2], { ...UNDECIDED, photoCount: 1 })).toMatchObject(
      refusal(400, 'photo_count_invalid'),
    );
    expect(await swipePhotos([1], { ...UNDECIDED, photoCount: 'two' })).toMatchObject(refusal(400, 'swipe_invalid'));
    expect(await swipePhotos([1], { ...UNDECIDED, probability: '0x1' })).toMatchObject(refusal(400, 'swipe_invalid'));
    expect(await swipePhotos(Array(21).fill(1), UNDECIDED)).toMatchObject(refusal(400, 'photos_too_many'));
  });

  it('never fails with a server error, whatever the body is', async () => {
    const { ask } = swipeClient();
    await fc.assert(
      fc.asyncProperty(fc.json(), async (body) => {
        expect((await ask('POST', '/v1/swipes', body)).status).toBeLessThan(500);
      }),
      { numRuns: 50 },
    );
  });
});

describe('the list of swipes', () => {
  it('has pages of 100, newest first', async () => {
    const { swipePhotos, ask } = swipeClient();
    for (let at = 1; at <= 101; at += 1) await swipePhotos([at], { ...UNDECIDED, profile: `profile ${at}` });
    const first = (await ask('GET', '/v1/swipes')).json;
    expect([first.swipes.length, first.swipes[0].profile, first.next]).toEqual([100, 'profile 101', 2]);
    const second = (await ask('GET', `/v1/swipes?cursor=${first.next}`)).json;
    expect([second.swipes.map(({ id }: { id: number }) => id), second.next]).toEqual([[1], null]);
    for (const cursor of ['-1', 'x', '1.5']) {
      expect(await ask('GET', `/v1/swipes?cursor=${cursor}`)).toMatchObject(refusal(400, 'cursor_invalid'));
    }
  });
});
