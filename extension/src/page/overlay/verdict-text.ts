import { formatPercent } from '@swipenet/shared/confidence.ts';
import type { PhotoVerdict, Verdict } from '../../messages.ts';
import type { Translate } from '../../texts.ts';

/** The sign of each tone, which tells photos apart without colors. */
export const SIGNS = { like: '✓', nope: '✕', failed: '!', pending: '…', skipped: '–' } as const;

/** How a photo is marked: its CSS class, its word, and its percentage or what went wrong. */
export interface PhotoMark {
  readonly tone: keyof typeof SIGNS;
  readonly label: string;
  readonly percent: string;
}

/** What is known about a photo: its verdict, that it is on its way, or that the server can't score it right now. */
export type ShownPhoto = PhotoVerdict | 'pending' | 'unscored';

/** Returns the mark of one photo. */
export function photoMark(photo: ShownPhoto, translate: Translate): PhotoMark {
  if (photo === 'pending') return { tone: 'pending', label: translate('overlay_pending'), percent: '…' };
  if (photo === 'unscored') return { tone: 'failed', label: translate('overlay_failed'), percent: '' };
  if ('missing' in photo) {
    if (photo.missing === 'video') {
      return { tone: 'skipped', label: translate('overlay_video'), percent: translate('missing_video') };
    }
    return { tone: 'failed', label: translate('overlay_failed'), percent: translate(`missing_${photo.missing}`) };
  }
  const { label, like } = photo;
  const isLike = label === 'LIKE';
  return {
    tone: isLike ? 'like' : 'nope',
    label: `${SIGNS[isLike ? 'like' : 'nope']} ${translate(isLike ? 'label_like' : 'label_nope')}`,
    percent: formatPercent(like),
  };
}

/** Returns a profile's decision and its reason. If photos are missing or are videos, the line says how many. */
export function verdictLine(verdict: Verdict, translate: Translate): string {
  const { photos } = verdict;
  const videos = photos.filter(isVideo).length;
  const count = photos.length - videos;
  const seen = photos.filter((photo) => 'like' in photo).length;
  return [
    decisionText(verdict, count, translate),
    ...(verdict.words?.reasons.length ? [wordsText(verdict.words.reasons)] : []),
    ...(seen < count ? [translate('overlay_partial', String(seen), String(count))] : []),
    ...(videos > 0
      ? [translate(videos === 1 ? 'overlay_video_left_out' : 'overlay_videos_left_out', String(videos))]
      : []),
  ].join(' · ');
}

/** Returns the words that counted, and what each added to the logit: `climbing +0.8, astrology −0.6`. */
export function wordsText(reasons: NonNullable<Verdict['words']>['reasons']): string {
  const signed = (weight: number) => `${weight < 0 ? '−' : '+'}${Math.abs(weight).toFixed(1)}`;
  return reasons.map(({ word, weight }) => `${word} ${signed(weight)}`).join(', ');
}

function decisionText({ decision, photos, threshold, words }: Verdict, count: number, translate: Translate): string {
  const from = `${Number((threshold * 100).toFixed(2))}%`;
  switch (decision.reason) {
    case 'like_found':
    case 'profile_liked':
    case 'profile_not_liked': {
      const { reason } = decision;
      if (words && reason !== 'like_found') {
        const key = reason === 'profile_liked' ? 'decision_words_liked' : 'decision_words_not_liked';
        return translate(key, formatPercent(decision.like), from, formatPercent(words.photos));
      }
      const photo = photos[decision.photo];
      const surest = [String(decision.photo + 1), photo && 'like' in photo ? formatPercent(photo.like) : ''];
      if (reason !== 'like_found' && count > 1) {
        return translate(`decision_${reason}`, formatPercent(decision.like), from, ...surest);
      }
      if (reason === 'profile_not_liked') return translate('decision_only_nope', from);
      return translate('decision_like_found', ...surest, from);
    }
    case 'all_nope':
      if (count === 1) return translate('decision_only_nope', from);
      return translate('decision_all_nope', String(count), from);
    case 'no_photo':
      return translate('decision_no_photo');
    case 'photos_failed':
    case 'photos_missing': {
      const missing = missingPhotos(photos);
      const some = missing.length === 1 ? 'photo' : 'photos';
      // Without a confidence although photos are known: the model judges whole profiles, whatever its photos are.
      const judgesWhole = decision.like === null && photos.some((photo) => 'like' in photo);
      const key = judgesWhole ? (`decision_${some}_needed` as const) : (`decision_${some}_missing` as const);
      return translate(key, missing.join(', '), String(photos.length));
    }
  }
}

/** Returns the numbers of the photos without a confidence, counted from 1. Videos aren't included. */
export function missingPhotos(photos: readonly PhotoVerdict[]): number[] {
  return photos.flatMap((photo, index) => ('missing' in photo && !isVideo(photo) ? [index + 1] : []));
}

const isVideo = (photo: PhotoVerdict) => 'missing' in photo && photo.missing === 'video';

/** Returns the line shown while `count` photos are being scored. */
export function scoringLine(count: number, translate: Translate): string {
  return count === 1 ? translate('overlay_scoring_one') : translate('overlay_scoring', String(count));
}
