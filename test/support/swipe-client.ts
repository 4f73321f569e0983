import { createApp } from '@swipenet/server/app.ts';
import { sha256 } from '@swipenet/server/files/sha256.ts';
import type { AppDependencies } from '@swipenet/server/http/dependencies.ts';
import { modelExample } from '@swipenet/server/http/openapi/examples.ts';
import { type ReceivedPhoto, sentBytes } from '@swipenet/server/image/photo-bytes.ts';
import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import { ROUTES } from '@swipenet/shared/contract/routes.ts';
import type { DecisionRule } from '@swipenet/shared/decision.ts';
import { appDependencies, inferNothing, TOKEN } from './app-dependencies.ts';
import { photoOf } from './taste-store.ts';

const RULE: DecisionRule = { rule: 'profile', threshold: 0.4, largestShare: 0.5, perLogCount: 0 };

/**
 * An app whose model is `taste-0001` and knows photos by their only byte: it is the confidence in percent, and 255 is a
 * photo that can't be read.
 */
export function swipeClient(overrides: Partial<AppDependencies> = {}) {
  const percents = (photos: readonly ReceivedPhoto[]) => photos.map((photo) => sentBytes(photo)[0]!);
  const score = async (photos: readonly ReceivedPhoto[]) =>
    percents(photos).map((percent) =>
      percent === 255
        ? { error: new SwipenetError('photo_undecodable', 'the photo is damaged') }
        : {
            ...{ like: percent / 100, evidence: new Float32Array(49), features: photoOf(percent).features },
            ...{ decodeMs: 0, queueMs: 0, inferenceMs: 0 },
          },
    );
  const served = (): ReturnType<AppDependencies['served']> => ({
    scorer: { score, infer: inferNothing },
    outputs: ['confidence', 'evidence'],
    withEvidence: (_, scoring) => scoring,
    rule: RULE,
    answer: { ...modelExample, id: 'taste-0001', rule: RULE },
    describe: async (photos) => ({
      readable: percents(photos).flatMap((percent) => (percent === 255 ? [] : [photoOf(percent)])),
      sha256: photos.map((photo) => sha256(sentBytes(photo))),
    }),
  });
  const { dependencies, lines } = appDependencies({ served, ...overrides });
  const app = createApp(dependencies);
  const ask = async (method: string, path: string, body?: FormData | string, token = TOKEN) => {
    const headers = { Authorization: `Bearer ${token}` };
    const response = await app.request(path, { method, headers, ...(body !== undefined && { body }) });
    const text = await response.text();
    const isJson = response.headers.get('Content-Type')?.startsWith('application/json');
    return { status: response.status, text, json: isJson ? JSON.parse(text) : undefined };
  };
  const form = (photos: readonly number[], fields: Readonly<Record<string, unknown>>) => {
    const body = new FormData();
    for (const percent of photos) body.append('photo', new Blob([Uint8Array.of(percent)]), 'photo.jpg');
    for (const [name, value] of Object.entries(fields)) body.set(name, String(value));
    return body;
  };
  return {
    ask,
    lines,
    /** Scores photos of these percents for learning. */
    score: async (...photos: number[]) => (await ask('POST', ROUTES.score.path, form(photos, { learn: 1 }))).json,
    /** Swipes with the ID of a score. */
    swipe: (fields: object, query = '') => ask('POST', ROUTES.swipes.path + query, JSON.stringify(fields)),
    /** Swipes with photos. */
    swipePhotos: (photos: readonly number[], fields: Readonly<Record<string, unknown>>) =>
      ask('POST', ROUTES.swipes.path, form(photos, fields)),
    taste: async (query = '') => (await ask('GET', ROUTES.taste.path + query)).json,
  };
}

/** A right swipe on a profile, without any decision before it. */
export const UNDECIDED = { swipe: 'right', site: 'demo', profile: 'someone', verdict: 'none' } as const;

/** A right swipe that the network had decided, too, behind a hidden verdict. */
export const DECIDED = {
  ...UNDECIDED,
  decision: 'right',
  decidedBy: 'network',
  verdict: 'hidden',
} as const;
