import type { ErrorCode } from '@swipenet/shared/contract/errors.ts';
import type { ModelAnswer } from '@swipenet/shared/contract/model.ts';
import type { ScoreAnswer } from '@swipenet/shared/contract/score.ts';
import { ARTICLE_RULE, type DecisionRule, decide, withThreshold } from '@swipenet/shared/decision.ts';
import { describe, expect, it, vi } from 'vitest';
import { PageClock } from '../../../../test/support/page-clock.ts';
import type { Request, Verdict } from '../../messages.ts';
import type { CachedVerdict } from '../../storage/confidence-cache.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../storage/settings.ts';
import type { NotPrepared } from '../preparing/photo-preparer.ts';
import type { ScoreRequest } from '../server/api-client.ts';
import { ProblemError } from '../server/problem.ts';
import type { PhotoSource } from './photo-fetcher.ts';
import { type ScoringParts, scorePhotos } from './score-photos.ts';

/** Photos as a page reports them: a URL, `video`, or null for a photo that it doesn't show. */
const page = (...photos: readonly (string | null)[]): Request<'score'>['photos'] =>
  photos.map((url) => (url === null ? { missing: 'page' } : url === 'video' ? { missing: 'video' } : { url }));

const SETTINGS: Settings = { ...DEFAULT_SETTINGS, consent: 'loopback' };

/** A threshold for the model `m`, and others for other models. */
const chosen = (threshold: number): Settings['thresholds'] => ({
  chosen: [
    { model: 'm', sha256: 'another', threshold: 0.01 },
    { model: 'm', sha256: 's', threshold },
    { model: 'another', sha256: 's', threshold: 0.99 },
  ],
  unassigned: null,
});

/** The part of the model's answer that scoring uses. */
const MODEL = { id: 'm', sha256: 's', threshold: 0.4, rule: ARTICLE_RULE } as ModelAnswer;

/** A rule that takes the mean of all photos. */
const TOGETHER: DecisionRule = { rule: 'profile', threshold: 0.4, largestShare: 0, perLogCount: 0 };

/** Parts with a server that reads a photo's confidence from its first byte, in percent, and can't decode 255. */
function partsOf(settings: Settings = SETTINGS, ownRule: DecisionRule = ARTICLE_RULE) {
  const known = new Map<string, CachedVerdict>();
  const clock = new PageClock();
  const score = vi.fn(async ({ photos, photoCount, threshold, learn }: ScoreRequest): Promise<ScoreAnswer> => {
    const likes = photos.map(({ bytes: [byte] }) => (byte === 255 ? null : byte! / 100));
    const rule = withThreshold(ownRule, threshold ?? undefined);
    const from = rule.threshold;
    return {
      requestId: 'r',
      model: 'm',
      threshold: from,
      photos: likes.map((like, index) =>
        like === null
          ? { index, error: { code: 'photo_undecodable' as const, message: 'm' } }
          : { index, like, label: like >= from ? ('LIKE' as const) : ('NOPE' as const) },
      ),
      decision: decide({ likes, photoCount, rule }),
      timings: { decodeMs: 0, inferenceMs: 0, totalMs: 0 },
      ...(learn && { scoreId: `score of ${photos.map(({ bytes }) => bytes)}`, ask: true }),
    };
  });
  const fetchAll = vi.fn(async (urls: readonly (string | null)[], _from: PhotoSource) =>
    urls.map((url) => (url && url !== 'lost' ? new Uint8Array([Number(url)]) : undefined)),
  );
  const model = async () => ({ ...MODEL, rule: ownRule });
  const cache = {
    get: async (key: string) => known.get(key),
    set: async (key: string, verdict: Verdict, scoredAtMs: number) => void known.set(key, { ...verdict, scoredAtMs }),
  };
  const { signal } = new AbortController();
  const page = { pageOrigin: 'https://dating.example', priority: 'now' } as const;
  const withheldHost = vi.fn(async (_urls: readonly string[]): Promise<string | undefined> => undefined);
  const prepare = vi.fn(
    async (bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer> | NotPrepared> => bytes,
  );
  const tools = { client: { model, score }, fetcher: { fetchAll }, preparer: { prepare }, cache, clock, withheldHost };
  return { settings, ...page, signal, ...tools };
}

it('returns the server’s confidences and decision', async () => {
  expect(await scorePhotos(page('10', '90'), partsOf())).toEqual({
    photos: [
      { like: 0.1, label: 'NOPE' },
      { like: 0.9, label: 'LIKE' },
    ],
    decision: { swipe: 'right', reason: 'like_found', like: 0.9, photo: 1 },
    threshold: 0.4,
    model: 'm',
  });
});

it('sends nothing and names the host if the browser withholds access to photos that weren’t downloaded', async () => {
  const parts = partsOf();
  parts.withheldHost.mockResolvedValue('photos.example');
  await expect(scorePhotos(page('90', 'lost', null), parts)).rejects.toMatchObject({
    problem: { reason: 'photo_access', detail: 'photos.example' },
  });
  expect(parts.withheldHost.mock.calls).toEqual([[['lost']]]);
  expect(parts.client.score).not.toHaveBeenCalled();
});

it('follows the server’s decision on a whole profile, whatever single photos are', async () => {
  const liked = await scorePhotos(page('video', '30', '60'), partsOf(SETTINGS, TOGETHER));
  const like = expect.closeTo(0.445, 3);
  expect(liked.decision).toEqual({ swipe: 'right', reason: 'profile_liked', like, photo: 2 });
  const settings = { ...SETTINGS, thresholds: chosen(0.5) };
  const noped = await scorePhotos(page('video', '30', '60'), partsOf(settings, TOGETHER));
  expect(noped.decision).toEqual({ swipe: 'left', reason: 'profile_not_liked', like, photo: 2 });
  for (const urls of [['99', null], ['99', 'lost'], ['99', '255'], ['video', '99', null], Array(21).fill('99')]) {
    const { decision } = await scorePhotos(page(...urls), partsOf(SETTINGS, TOGETHER));
    expect(decision).toMatchObject({ swipe: 'hold', like: null });
  }
});

it('numbers photos as the page does if some are missing', async () => {
  const verdict = await scorePhotos(page(null, 'lost', '255', '90'), partsOf());
  expect(verdict.photos).toEqual([
    { missing: 'page' },
    { missing: 'download' },
    { missing: 'server' },
    { like: 0.9, label: 'LIKE' },
  ]);
  expect(verdict.decision).toMatchObject({ swipe: 'right', photo: 3 });
});

it('never goes left on an incomplete profile', async () => {
  for (const urls of [
    ['10', null],
    ['10', 'video', null],
    ['10', 'lost'],
    ['10', '255'],
    [null],
    [],
    Array(21).fill('10'),
  ]) {
    expect((await scorePhotos(page(...urls), partsOf())).decision.swipe).toBe('hold');
  }
});

it('skips videos: they aren’t sent or counted, and don’t make a profile incomplete', async () => {
  const parts = partsOf();
  const verdict = await scorePhotos(page('video', '10', 'video', '20'), parts);
  expect(verdict).toMatchObject({
    photos: [{ missing: 'video' }, { like: 0.1 }, { missing: 'video' }, { like: 0.2 }],
    decision: { swipe: 'left', reason: 'all_nope' },
  });
  expect(parts.client.score.mock.calls[0]![0]).toMatchObject({ photoCount: 2 });
  expect(parts.client.score.mock.calls[0]![0].photos).toHaveLength(2);
  const liked = await scorePhotos(page('video', '10', 'video', '90'), parts);
  expect(liked.decision).toEqual({ swipe: 'right', reason: 'like_found', like: 0.9, photo: 3 });
});

it('leaves a profile that has only videos to the person', async () => {
  const parts = partsOf();
  expect(await scorePhotos(page('video', 'video'), parts)).toMatchObject({
    photos: [{ missing: 'video' }, { missing: 'video' }],
    decision: { swipe: 'hold', reason: 'no_photo' },
  });
  expect(parts.client.score).not.toHaveBeenCalled();
});

it('treats the same photos with a video in another place as another profile', async () => {
  const parts = partsOf();
  await scorePhotos(page('10', '90', 'video'), parts);
  const moved = await scorePhotos(page('video', '10', '90'), parts);
  expect(moved.photos[0]).toEqual({ missing: 'video' });
  expect(moved.decision).toMatchObject({ photo: 2 });
  expect((await scorePhotos(page('10', '90', 'video'), parts)).decision).toMatchObject({ photo: 1 });
  expect(parts.client.score).toHaveBeenCalledTimes(2);
});

it('passes the priority to the fetcher and the server', async () => {
  const parts = partsOf();
  await scorePhotos(page('10'), { ...parts, priority: 'ahead' });
  expect(parts.fetcher.fetchAll.mock.calls[0]![1]).toMatchObject({ priority: 'ahead' });
  expect(parts.client.score.mock.calls[0]![0]).toMatchObject({ priority: 'ahead' });
});

it('marks photos beyond the server’s limit as not sent', async () => {
  const { photos } = await scorePhotos(page('lost', ...Array(22).fill('10')), partsOf());
  expect(photos.flatMap((photo) => ('missing' in photo ? [photo.missing] : []))).toEqual([
    'download',
    'unsent',
    'unsent',
  ]);
});

it.each([
  ['without consent', { ...SETTINGS, consent: null }],
  [
    'with consent for another server',
    { ...SETTINGS, server: { address: 'https://s.example', token: 't', profileKey: '' } },
  ],
  ['in Off mode', { ...SETTINGS, mode: 'off' as const }],
])('fetches and sends nothing %s', async (_, settings) => {
  const parts = partsOf(settings);
  await expect(scorePhotos(page('10'), parts)).rejects.toMatchObject({ problem: { reason: 'consent_missing' } });
  expect(parts.fetcher.fetchAll).not.toHaveBeenCalled();
  expect(parts.client.score).not.toHaveBeenCalled();
});

it('asks once for the same photos, and again after a hold or for another order or threshold', async () => {
  const parts = partsOf();
  await scorePhotos(page('10', '90'), parts);
  await scorePhotos(page('10', '90'), parts);
  expect(parts.client.score).toHaveBeenCalledTimes(1);
  await scorePhotos(page('10', '90'), { ...parts, settings: { ...SETTINGS, thresholds: chosen(0.95) } });
  expect(parts.client.score).toHaveBeenCalledTimes(2);
  await scorePhotos(page('90', null, '10'), parts);
  const moved = await scorePhotos(page(null, '90', '10'), parts);
  expect(moved.decision).toMatchObject({ photo: 1 });
  expect(parts.client.score).toHaveBeenCalledTimes(4);
  await scorePhotos(page('10', null), parts);
  await scorePhotos(page('10', null), parts);
  expect(parts.client.score).toHaveBeenCalledTimes(6);
});

const LEFT = { swipe: 'left', reason: 'all_nope' } as const;
const PROFILE_LIKED = { swipe: 'right', reason: 'profile_liked', like: 0.9, photo: 0 } as const;
const LIKED = { index: 0, like: 0.9, label: 'LIKE' } as const;

it.each<[string, string[], Partial<ScoreAnswer>]>([
  ['omits a photo', ['10', '20'], { photos: [{ index: 0, like: 0.1, label: 'NOPE' }] }],
  ['omits all photos', ['10', '20'], { photos: [] }],
  ['has a photo twice', ['90', '90'], { photos: [LIKED, LIKED] }],
  ['has a photo that was not sent', ['90'], { photos: [LIKED, { ...LIKED, index: 1 }] }],
  ['goes left although a download failed', ['10', 'lost'], { decision: LEFT }],
  ['goes left although a photo was unreadable', ['10', '255'], { decision: LEFT }],
  ['likes a photo that was not sent', ['90'], { decision: { swipe: 'right', reason: 'like_found', photo: 1 } }],
  ['likes an unreadable photo', ['255'], { decision: { swipe: 'right', reason: 'like_found', photo: 0 } }],
  ['likes a whole profile although a download failed', ['90', 'lost'], { decision: PROFILE_LIKED }],
  ['names a photo that was not sent', ['90'], { decision: { ...PROFILE_LIKED, photo: 1 } }],
  ['comes from another model', ['90'], { model: 'n' }],
  ['has another threshold', ['90'], { threshold: 0.7 }],
])('rejects an answer that %s, and doesn’t cache it', async (_, urls, change) => {
  const parts = partsOf();
  const set = vi.spyOn(parts.cache, 'set');
  const score: ScoringParts['client']['score'] = async (request) => ({
    ...(await parts.client.score(request)),
    ...change,
  });
  const scoring = scorePhotos(page(...urls), { ...parts, client: { ...parts.client, score } });
  await expect(scoring).rejects.toMatchObject({ problem: { reason: 'server_unknown' } });
  expect(set).not.toHaveBeenCalled();
});

it('judges with the new model’s threshold if the server changes its model in between', async () => {
  const parts = partsOf({ ...SETTINGS, thresholds: chosen(0.5) });
  let served: ModelAnswer = MODEL;
  const { cache, client } = parts;
  const set = vi.spyOn(cache, 'set');
  const score: ScoringParts['client']['score'] = async (request) => {
    served = { ...MODEL, id: 'another' };
    return { ...(await client.score(request)), model: served.id };
  };
  const asking = { ...parts, client: { model: async () => served, score } };
  const verdict = await scorePhotos(page('60'), asking);
  expect(client.score.mock.calls.map(([{ threshold }]) => threshold)).toEqual([0.5, 0.99]);
  expect(verdict).toMatchObject({ model: 'another', threshold: 0.99, decision: { swipe: 'left' } });
  expect(set).toHaveBeenCalledTimes(1);
});

it('uses the model’s own threshold for a model that the person has chosen none for', async () => {
  const parts = partsOf({ ...SETTINGS, thresholds: chosen(0.9) });
  const model = async () => ({ ...MODEL, sha256: 'new' });
  const verdict = await scorePhotos(page('60'), { ...parts, client: { ...parts.client, model } });
  expect(verdict).toMatchObject({ threshold: 0.4, decision: { swipe: 'right' } });
  expect(parts.client.score.mock.calls[0]![0].threshold).toBeNull();
});

it.each(['model', 'fetchAll'] as const)('sends no photo after consent is withdrawn during %s', async (during) => {
  const parts = partsOf();
  const off = new AbortController();
  const { client, fetcher } = parts;
  const withdraw = () => off.abort(new ProblemError('consent_missing'));
  const scoring = scorePhotos(page('10'), {
    ...parts,
    signal: off.signal,
    client: {
      ...client,
      model: async () => {
        if (during === 'model') withdraw();
        return await client.model();
      },
    },
    fetcher: {
      fetchAll: async (urls, from) => {
        if (during === 'fetchAll') withdraw();
        return await fetcher.fetchAll(urls, from);
      },
    },
  });
  await expect(scoring).rejects.toMatchObject({ problem: { reason: 'consent_missing' } });
  expect(client.score).not.toHaveBeenCalled();
});

it('doesn’t reuse a verdict of another server, another rule, or another model with the same name', async () => {
  const parts = partsOf();
  await scorePhotos(page('10'), parts);
  await scorePhotos(page('10'), {
    ...parts,
    client: { ...parts.client, model: async () => ({ ...MODEL, sha256: 't' }) },
  });
  expect(parts.client.score).toHaveBeenCalledTimes(2);
  await scorePhotos(page('10'), {
    ...parts,
    client: { ...parts.client, model: async () => ({ ...MODEL, sha256: 't', rule: TOGETHER }) },
  });
  expect(parts.client.score).toHaveBeenCalledTimes(3);
  const server = { address: 'http://localhost:9999', token: 't', profileKey: '' };
  await scorePhotos(page('10'), { ...parts, settings: { ...SETTINGS, server } });
  expect(parts.client.score).toHaveBeenCalledTimes(4);
  await scorePhotos(page('10'), {
    ...parts,
    settings: { ...SETTINGS, server: { ...SETTINGS.server, token: 'other' } },
  });
  expect(parts.client.score).toHaveBeenCalledTimes(4);
});

describe('with a server that accepts prepared photos', () => {
  const preparing = (resize: string, version = 1) => ({ ...MODEL, preparedPhotos: { version, resize } });
  const refusal = (code: ErrorCode) => new ProblemError('server_refused', { code });

  /** Parts whose photos become 65,536 times their only level, and a server whose models follow each other. */
  function preparingParts(...models: [ModelAnswer, ...ModelAnswer[]]) {
    const parts = partsOf();
    parts.preparer.prepare.mockImplementation(async ([level]) => new Uint8Array(65_536).fill(level!));
    const model = vi.fn(async () => (models.length > 1 ? models.shift()! : models[0]));
    return { ...parts, client: { ...parts.client, model } };
  }

  it('sends gray levels in the model’s resize mode, and nothing for the same photos again', async () => {
    const parts = preparingParts(preparing('squash'));
    expect(await scorePhotos(page('10', '90'), parts)).toMatchObject({ decision: { swipe: 'right', photo: 1 } });
    await scorePhotos(page('10', '90'), parts);
    expect(parts.client.score).toHaveBeenCalledTimes(1);
    const { photos } = parts.client.score.mock.calls[0]![0];
    expect(photos.map(({ bytes, type }) => [bytes.length, bytes[0], type])).toEqual([
      [65_536, 10, 'application/x-swipenet-gray;v=1;resize=squash'],
      [65_536, 90, 'application/x-swipenet-gray;v=1;resize=squash'],
    ]);
    expect(parts.preparer.prepare).toHaveBeenCalledTimes(2);
  });

  it('sends a photo as it is if it can’t be prepared, and logs how many and why', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const parts = preparingParts(preparing('cover'));
    parts.preparer.prepare.mockResolvedValueOnce('changed pixels');
    await scorePhotos(page('10', '90'), parts);
    const { photos } = parts.client.score.mock.calls[0]![0];
    expect(photos.map(({ bytes, type }) => [bytes.length, type])).toEqual([
      [1, undefined],
      [65_536, 'application/x-swipenet-gray;v=1;resize=cover'],
    ]);
    const line = 'swipenet: preparing photos: 1 of 2 are sent as they are: changed pixels';
    expect(warn.mock.calls).toEqual([[line]]);
    warn.mockRestore();
  });

  it.each<[ErrorCode, ModelAnswer, string | undefined]>([
    ['resize_mode_changed', preparing('squash'), 'application/x-swipenet-gray;v=1;resize=squash'],
    ['preparation_unknown', MODEL, undefined],
    ['preparation_unknown', preparing('cover', 2), undefined],
  ])('asks for the model and prepares again after %s, without another download', async (code, next, type) => {
    const parts = preparingParts(preparing('cover'), next);
    parts.client.score.mockRejectedValueOnce(refusal(code));
    expect(await scorePhotos(page('90'), parts)).toMatchObject({ decision: { swipe: 'right' } });
    expect(parts.client.score.mock.calls.map(([{ photos }]) => photos[0]!.type)).toEqual([
      'application/x-swipenet-gray;v=1;resize=cover',
      type,
    ]);
    expect(parts.fetcher.fetchAll).toHaveBeenCalledTimes(1);
  });

  it('reports any other refusal, and a second one', async () => {
    const parts = preparingParts(preparing('cover'));
    parts.client.score.mockRejectedValueOnce(refusal('body_malformed'));
    await expect(scorePhotos(page('90'), parts)).rejects.toMatchObject({ code: 'body_malformed' });
    parts.client.score.mockRejectedValue(refusal('resize_mode_changed'));
    await expect(scorePhotos(page('90'), parts)).rejects.toMatchObject({ code: 'resize_mode_changed' });
    expect(parts.client.score).toHaveBeenCalledTimes(3);
  });
});

describe('while Swipenet learns', () => {
  const LEARNING: Settings = {
    ...SETTINGS,
    mode: 'learn',
    server: { ...SETTINGS.server, profileKey: 'k' },
    taste: { ...SETTINGS.taste, consent: 'loopback' },
  };
  const HOUR_MS = 3_600_000;

  it('has the server keep the features, and names them in the verdict', async () => {
    const parts = partsOf(LEARNING);
    expect(await scorePhotos(page('10', '90'), parts)).toMatchObject({ scoreId: 'score of 10,90', ask: true });
    expect(parts.client.score.mock.calls[0]![0]).toMatchObject({ learn: true });
    const hold = await scorePhotos(page('10', null), parts);
    expect(hold).toMatchObject({ decision: { swipe: 'hold' }, scoreId: 'score of 10' });
  });

  it.each([
    ['there is no consent to it', { ...LEARNING, taste: { ...LEARNING.taste, consent: null } }],
    ['Show mode isn’t learned from', { ...LEARNING, mode: 'show' as const }],
  ])('does neither if %s, and gives no earlier score ID to the page', async (_, settings) => {
    const parts = partsOf(LEARNING);
    await scorePhotos(page('10', '90'), parts);
    for (const photos of [page('10', '90'), page('20')]) {
      const verdict = await scorePhotos(photos, { ...parts, settings });
      expect(verdict).not.toHaveProperty('scoreId');
      expect(verdict).not.toHaveProperty('ask');
    }
    expect(parts.client.score.mock.calls.map(([{ learn }]) => learn)).toEqual([true, false]);
  });

  it('asks again for a cached verdict without a score ID, and once the ID is 20 hours old', async () => {
    const parts = partsOf();
    const asked = () => parts.client.score.mock.calls.length;
    await scorePhotos(page('10', '90'), parts);
    const learning = { ...parts, settings: LEARNING };
    expect(await scorePhotos(page('10', '90'), learning)).toHaveProperty('scoreId');
    expect(asked()).toBe(2);
    parts.clock.advance(20 * HOUR_MS - 1);
    expect(await scorePhotos(page('10', '90'), learning)).toMatchObject({ scoreId: 'score of 10,90', ask: true });
    expect(asked()).toBe(2);
    parts.clock.advance(1);
    await scorePhotos(page('10', '90'), learning);
    await scorePhotos(page('10', '90'), learning);
    expect(asked()).toBe(3);
  });

  it('returns a verdict without a score ID if the server can’t keep the features, and logs why', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const parts = partsOf(LEARNING);
    const score: ScoringParts['client']['score'] = async (request) => ({
      ...(await parts.client.score({ ...request, learn: false })),
      notKept: { code: 'taste_disk_full', message: 'the disk is full' },
    });
    const verdict = await scorePhotos(page('90'), { ...parts, client: { ...parts.client, score } });
    expect(verdict).toMatchObject({ decision: { swipe: 'right' } });
    expect(verdict).not.toHaveProperty('scoreId');
    expect(warn.mock.calls).toEqual([['swipenet: keeping a score: the disk is full']]);
  });
});
