import type { ErrorCode } from '@swipenet/shared/contract/errors.ts';
import type { ModelAnswer } from '@swipenet/shared/contract/model.ts';
import { type Priority, SCORE_LIMITS, type ScoreAnswer } from '@swipenet/shared/contract/score.ts';
import type { ResizeMode } from '@swipenet/shared/photo.ts';
import type { Clock } from '../../clock.ts';
import type { PhotoVerdict, Request, Verdict } from '../../messages.ts';
import { reportError } from '../../report-error.ts';
import { isLoopback } from '../../server-address.ts';
import { type confidenceCache, type MissingPhoto, verdictKey } from '../../storage/confidence-cache.ts';
import { hasConsent, mayLearn, type Settings } from '../../storage/settings.ts';
import type { PhotoPreparer } from '../preparing/photo-preparer.ts';
import type { ApiClient } from '../server/api-client.ts';
import { chosenThreshold } from '../server/model-threshold.ts';
import { ProblemError } from '../server/problem.ts';
import { type PackedPhoto, packPhotos, resizeModeFor } from './pack-photos.ts';
import type { PhotoFetcher } from './photo-fetcher.ts';

/** The age at which a score ID is renewed. The server forgets it after 24 hours, and the label may have to wait. */
const RENEW_MS = 20 * 3_600_000;

/** What scoring needs. */
export interface ScoringParts {
  readonly settings: Settings;
  /** The origin of the page whose photos they are. */
  readonly pageOrigin: string;
  readonly priority: Priority;
  /** Aborts when scoring is canceled or no longer allowed (see whileAllowed). Nothing is sent after that. */
  readonly signal: AbortSignal;
  readonly client: Pick<ApiClient, 'model' | 'score'>;
  readonly fetcher: Pick<PhotoFetcher, 'fetchAll'>;
  readonly preparer: Pick<PhotoPreparer, 'prepare'>;
  readonly cache: Pick<typeof confidenceCache, 'get' | 'set'>;
  readonly clock: Pick<Clock, 'date'>;
  /** Finds a host that the browser withholds (see site-access.ts). */
  readonly withheldHost: (urls: readonly string[]) => Promise<string | undefined>;
}

/**
 * Returns the verdict on a profile: downloads its photos, looks them up in the cache, and otherwise asks the server. Videos
 * are skipped and don't make the profile incomplete. Nothing is fetched or sent without consent for this server, or while
 * the control is set to Off. While Swipenet learns, the server keeps the photos' features, and the verdict names them.
 *
 * @throws ProblemError if the browser withholds access to the photos, or if the server can't be asked, doesn't answer, or
 *   gives an invalid answer.
 */
export async function scorePhotos(page: Request<'score'>['photos'], parts: ScoringParts): Promise<Verdict> {
  const { settings, pageOrigin, priority, signal, client, fetcher, withheldHost } = parts;
  if (!hasConsent(settings) || settings.mode === 'off') throw new ProblemError('consent_missing');
  const model = await client.model(signal);
  const urls = page.map((photo) => ('url' in photo ? photo.url : null));
  const fetched = await fetcher.fetchAll(urls, { pageOrigin, priority }, signal);
  signal.throwIfAborted();
  const host = await withheldHost(urls.filter((url, index) => url !== null && !fetched[index]) as string[]);
  if (host) throw new ProblemError('photo_access', { detail: host });
  try {
    return await askServer(page, fetched, model, parts);
  } catch (error) {
    const isAnother =
      error instanceof OtherModel || (error instanceof ProblemError && PREPARE_AGAIN.includes(error.code));
    if (!isAnother) throw error;
    return await askServer(page, fetched, await client.model(signal), parts);
  }
}

/** The server has exchanged its model since it was asked, and the new one needs photos that are prepared in another way. */
const PREPARE_AGAIN: readonly (ErrorCode | undefined)[] = ['resize_mode_changed', 'preparation_unknown'];

/** Returns the verdict of this model on the photos that were downloaded. */
async function askServer(
  page: Request<'score'>['photos'],
  fetched: readonly (Uint8Array<ArrayBuffer> | undefined)[],
  model: ModelAnswer,
  parts: ScoringParts,
): Promise<Verdict> {
  const { settings, priority, signal, client, cache, clock } = parts;
  // The server has a limit per request. The rest count as missing, and a profile with missing photos never goes left.
  const sent = [...fetched.entries()].flatMap(([index, bytes]) => (bytes ? [{ index, bytes }] : []));
  const over = new Set(sent.splice(SCORE_LIMITS.maxPhotos).map(({ index }) => index));
  const chosen = await chosenThreshold(settings, model);
  const threshold = chosen ?? model.threshold;
  const unscored = page.map((photo, index): { missing: MissingPhoto } =>
    'missing' in photo ? photo : { missing: over.has(index) ? 'unsent' : 'download' },
  );
  const photoCount = unscored.filter(isPhoto).length;
  if (sent.length === 0) {
    // There is nothing to ask the server about, so the card is left to the person.
    const reason = photoCount === 0 ? 'no_photo' : 'photos_missing';
    const decision = { swipe: 'hold', reason, like: null } as const;
    return { photos: unscored, decision, threshold, model: model.id };
  }
  const photos = sent.map(({ bytes }) => bytes);
  // The same photos can stand in different places of a profile, so the places are part of the key.
  const places = unscored.map(({ missing }, index) => (sent.some((photo) => photo.index === index) ? 'sent' : missing));
  const key = await verdictKey({
    photos,
    places,
    threshold,
    rule: model.rule,
    model: `${model.id} ${model.sha256}`,
    server: settings.server.address,
  });
  const known = await cache.get(key);
  signal.throwIfAborted();
  const learn = mayLearn(settings);
  const nowMs = clock.date().getTime();
  if (known) {
    const { scoredAtMs = 0, scoreId, ask, ...verdict } = known;
    if (!learn) return verdict;
    if (scoreId !== undefined && nowMs - scoredAtMs < RENEW_MS) return { ...verdict, scoreId, ask: ask ?? false };
  }
  const packed = await pack(photos, resizeModeFor(model, learn), parts);
  signal.throwIfAborted();
  const asked = { photos: packed, photoCount, threshold: chosen, priority, learn };
  const answer = await client.score(asked, signal);
  signal.throwIfAborted();
  const verdict = inPageOrder(answer, unscored, sent, { threshold, model: model.id });
  // A hold isn't cached, because the next try may succeed (after a decoder timeout, for example).
  if (verdict.decision.swipe !== 'hold') await cache.set(key, verdict, nowMs);
  // The log is the only place for this: the profile has its verdict, and only its label can't be kept.
  if (answer.notKept) reportError('keeping a score', new Error(answer.notKept.message));
  return verdict;
}

/** Prepares photos if there is a mode to do it in. The log says why some are sent as they are all the same. */
export async function pack(
  photos: readonly Uint8Array<ArrayBuffer>[],
  resize: ResizeMode | undefined,
  { settings, preparer }: Pick<ScoringParts, 'settings' | 'preparer'>,
): Promise<readonly PackedPhoto[]> {
  if (!resize) return photos.map((bytes) => ({ bytes }));
  const smallest = !isLoopback(settings.server.address);
  const { packed, notPrepared } = await packPhotos(photos, { resize, smallest }, preparer);
  if (notPrepared.length > 0) {
    const why = [...new Set(notPrepared)].join(', ');
    reportError(
      'preparing photos',
      new Error(`${notPrepared.length} of ${photos.length} are sent as they are: ${why}`),
    );
  }
  return packed;
}

/** False for a video, which counts neither as a photo nor as a missing one. */
const isPhoto = (photo: PhotoVerdict) => !('missing' in photo && photo.missing === 'video');

/**
 * Maps the server's answer, which numbers the photos it was sent, to the page's photos, which include the missing ones.
 *
 * @throws ProblemError if the answer doesn't fit the request. It could belong to another profile or model, so nothing of it
 *   may be shown or cached.
 */
function inPageOrder(
  answer: ScoreAnswer,
  unscored: readonly PhotoVerdict[],
  sent: readonly { readonly index: number }[],
  asked: { readonly threshold: number; readonly model: string },
): Verdict {
  const { decision, threshold, model, scoreId, ask } = answer;
  if (model !== asked.model) throw new OtherModel(`model ${model} instead of ${asked.model}`);
  if (threshold !== asked.threshold) throw invalidAnswer(`threshold ${threshold} instead of ${asked.threshold}`);
  const answered = answer.photos.map(({ index }) => index).toSorted((a, b) => a - b);
  const complete = answered.length === sent.length && answered.every((index, place) => index === place);
  if (!complete) throw invalidAnswer(`confidences for photos ${answered.join()} of ${sent.length}`);
  const photos = [...unscored];
  for (const photo of answer.photos) {
    photos[sent[photo.index]!.index] =
      'error' in photo ? { missing: 'server' } : { like: photo.like, label: photo.label };
  }
  // Only one LIKE photo is enough to decide an incomplete profile.
  const isDecided = decision.swipe !== 'hold' && decision.reason !== 'like_found';
  if (isDecided && photos.some((photo) => 'missing' in photo && isPhoto(photo))) {
    throw invalidAnswer(`${decision.reason} on an incomplete profile`);
  }
  const rest = { photos, threshold, model, ...(scoreId !== undefined && { scoreId, ask: ask ?? false }) };
  if (!('photo' in decision)) return { ...rest, decision };
  const place = sent[decision.photo];
  if (!place || !('like' in photos[place.index]!))
    throw invalidAnswer(`${decision.reason} with photo ${decision.photo}, which has no confidence`);
  return { ...rest, decision: { ...decision, photo: place.index } };
}

/**
 * The server has exchanged its model since it was asked. The new one's answer is for a threshold that was chosen for the
 * old one, so it decides nothing.
 */
class OtherModel extends ProblemError {
  constructor(what: string) {
    super('server_unknown', { cause: new Error(what) });
  }
}

/** A server that follows the contract never sends such an answer. */
const invalidAnswer = (what: string) => new ProblemError('server_unknown', { cause: new Error(what) });
