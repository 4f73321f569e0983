import { type Priority, SCORE_LIMITS, type ScoreAnswer } from '@swipenet/shared/contract/score.ts';
import type { PhotoVerdict, Request, Verdict } from '../../messages.ts';
import { type confidenceCache, type MissingPhoto, verdictKey } from '../../storage/confidence-cache.ts';
import { hasConsent, type Settings } from '../../storage/settings.ts';
import type { ApiClient } from '../server/api-client.ts';
import { ProblemError } from '../server/problem.ts';
import type { PhotoFetcher } from './photo-fetcher.ts';

/** What scoring is made of. */
export interface ScoringParts {
  readonly settings: Settings;
  /** The origin of the page whose photos they are. */
  readonly pageOrigin: string;
  readonly priority: Priority;
  /** Aborts when the person takes back what allows this (see whileAllowed), or when it is canceled; nothing is sent then. */
  readonly signal: AbortSignal;
  readonly client: Pick<ApiClient, 'model' | 'score'>;
  readonly fetcher: Pick<PhotoFetcher, 'fetchAll'>;
  readonly cache: typeof confidenceCache;
}

/**
 * A profile's photos to its verdict: bytes → known already? → server. A video is no photo: it is left out, and the set is
 * complete without it. Nothing is fetched or sent without the person's consent for this very server, nor while the control
 * stands on Off.
 *
 * @throws ProblemError when the server cannot be asked or gives no answer.
 */
export async function scorePhotos(page: Request<'score'>['photos'], parts: ScoringParts): Promise<Verdict> {
  const { settings, pageOrigin, priority, signal, client, fetcher, cache } = parts;
  if (!hasConsent(settings) || settings.mode === 'off') throw new ProblemError('consent_missing');
  const model = await client.model(signal);
  const urls = page.map((photo) => ('url' in photo ? photo.url : null));
  const fetched = await fetcher.fetchAll(urls, { pageOrigin, priority }, signal);
  signal.throwIfAborted();
  // The server takes so many; the others count as missing, and a profile with missing photos never goes left.
  const sent = [...fetched.entries()].flatMap(([index, bytes]) => (bytes ? [{ index, bytes }] : []));
  const over = new Set(sent.splice(SCORE_LIMITS.maxPhotos).map(({ index }) => index));
  const threshold = settings.threshold ?? model.threshold;
  const unseen = page.map((photo, index): { missing: MissingPhoto } =>
    'missing' in photo ? photo : { missing: over.has(index) ? 'unsent' : 'download' },
  );
  const photoCount = unseen.filter(isPhoto).length;
  if (sent.length === 0) {
    // Nothing to ask the server about, so nothing is decided: the card is the person's.
    const decision = { swipe: 'hold', reason: photoCount === 0 ? 'no_photo' : 'photos_missing' } as const;
    return { photos: unseen, decision, threshold, model: model.id };
  }
  const photos = sent.map(({ bytes }) => bytes);
  // One hash may be scored in several places of a profile, so what stands where is part of what is known.
  const places = unseen.map(({ missing }, index) => (sent.some((photo) => photo.index === index) ? 'sent' : missing));
  const key = await verdictKey({
    photos,
    places,
    threshold,
    model: `${model.id} ${model.sha256}`,
    server: settings.server.address,
  });
  const known = await cache.get(key);
  signal.throwIfAborted();
  if (known) return known;
  const answer = await client.score({ photos, photoCount, threshold: settings.threshold, priority }, signal);
  signal.throwIfAborted();
  const verdict = inPageOrder(answer, unseen, sent, { threshold, model: model.id });
  // A hold may end at the next try (a decoder's timeout), so it is not kept.
  if (verdict.decision.swipe !== 'hold') await cache.set(key, verdict);
  return verdict;
}

/** A video is none, and neither counts nor lacks. */
const isPhoto = (photo: PhotoVerdict) => !('missing' in photo && photo.missing === 'video');

/**
 * The server counts the photos it was sent; the page counts all of them. An answer that is not to the question that was
 * asked is refused as a whole: shown, or kept under the question's key, it would be another profile's or another model's.
 */
function inPageOrder(
  answer: ScoreAnswer,
  unseen: readonly PhotoVerdict[],
  sent: readonly { readonly index: number }[],
  asked: { readonly threshold: number; readonly model: string },
): Verdict {
  const { decision, threshold, model } = answer;
  if (model !== asked.model) throw stranger(`model ${model} instead of ${asked.model}`);
  if (threshold !== asked.threshold) throw stranger(`threshold ${threshold} instead of ${asked.threshold}`);
  const answered = answer.photos.map(({ index }) => index).toSorted((a, b) => a - b);
  const complete = answered.length === sent.length && answered.every((index, place) => index === place);
  if (!complete) throw stranger(`an answer for photos ${answered.join()} of ${sent.length}`);
  const photos = [...unseen];
  for (const photo of answer.photos) {
    photos[sent[photo.index]!.index] =
      'error' in photo ? { missing: 'server' } : { like: photo.like, label: photo.label };
  }
  if (decision.swipe === 'left' && photos.some((photo) => 'missing' in photo && isPhoto(photo))) {
    throw stranger('left on an incomplete set');
  }
  if (decision.reason !== 'like_found') return { photos, decision, threshold, model };
  const place = sent[decision.photo];
  if (!place || !('like' in photos[place.index]!))
    throw stranger(`LIKE by photo ${decision.photo}, which has no score`);
  return { photos, decision: { ...decision, photo: place.index }, threshold, model };
}

/** No server that keeps the contract says this. */
const stranger = (what: string) => new ProblemError('server_unknown', { cause: new Error(what) });
