import type { PhotoVerdict, Verdict } from '../../messages.ts';
import { formatPercent, formatSetPercent, formatSigned, type Translate } from '../../texts.ts';

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
    percent: formatPercent(like, translate),
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
    ...(verdict.words?.reasons.length ? [wordsText(verdict.words.reasons, translate)] : []),
    ...(seen < count ? [translate('overlay_partial', seen, count)] : []),
    ...(videos > 0 ? [translate('overlay_videos_left_out', videos)] : []),
  ].join(' · ');
}

/** Returns the words that counted, and what each added to the logit: `climbing +0.8, astrology −0.6`. */
function wordsText(reasons: NonNullable<Verdict['words']>['reasons'], translate: Translate): string {
  return reasons.map(({ word, weight }) => `${word} ${formatSigned(weight, 1, translate)}`).join(', ');
}

function decisionText({ decision, photos, threshold, words }: Verdict, count: number, translate: Translate): string {
  const from = formatSetPercent(threshold, translate);
  const percent = (fraction: number) => formatPercent(fraction, translate);
  switch (decision.reason) {
    case 'like_found':
    case 'profile_liked':
    case 'profile_not_liked': {
      const { reason } = decision;
      if (words && reason !== 'like_found') {
        const key = reason === 'profile_liked' ? 'decision_words_liked' : 'decision_words_not_liked';
        return translate(key, percent(decision.like), from, percent(words.photos));
      }
      const photo = photos[decision.photo];
      const surest = [decision.photo + 1, photo && 'like' in photo ? percent(photo.like) : ''];
      if (reason !== 'like_found' && count > 1) {
        return translate(`decision_${reason}`, percent(decision.like), from, ...surest);
      }
      if (reason === 'profile_not_liked') return translate('decision_only_nope', from);
      return translate('decision_like_found', ...surest, from);
    }
    case 'all_nope':
      if (count === 1) return translate('decision_only_nope', from);
      return translate('decision_all_nope', count, from);
    case 'no_photo':
      return translate('decision_no_photo');
    case 'photos_failed':
    case 'photos_missing': {
      const missing = missingPhotos(photos);
      // Without a confidence although photos are known: the model judges whole profiles, whatever its photos are.
      const judgesWhole = decision.like === null && photos.some((photo) => 'like' in photo);
      const key = judgesWhole ? 'decision_photos_needed' : 'decision_photos_missing';
      return translate(key, missing.join(', '), photos.length, missing.length);
    }
  }
}

/** Returns the numbers of the photos without a confidence, counted from 1. Videos aren't included. */
export function missingPhotos(photos: readonly PhotoVerdict[]): number[] {
  return photos.flatMap((photo, index) => ('missing' in photo && !isVideo(photo) ? [index + 1] : []));
}

const isVideo = (photo: PhotoVerdict) => 'missing' in photo && photo.missing === 'video';
