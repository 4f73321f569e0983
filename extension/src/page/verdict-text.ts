import { formatPercent } from '@swipenet/shared/confidence.ts';
import type { PhotoVerdict, Verdict } from '../messages.ts';
import type { Translate } from '../texts.ts';

/** How a photo is marked: the class of its looks, its word, and its percent or what is wrong with it. */
export interface PhotoMark {
  readonly tone: 'like' | 'nope' | 'failed' | 'pending';
  readonly label: string;
  readonly percent: string;
}

/** What is known of a photo: its verdict, or that it is on its way, or that the server gives none just now. */
export type ShownPhoto = PhotoVerdict | 'pending' | 'unscored';

/** The mark of one photo. */
export function photoMark(photo: ShownPhoto, translate: Translate): PhotoMark {
  if (photo === 'pending') return { tone: 'pending', label: translate('overlay_pending'), percent: '…' };
  if (photo === 'unscored') return { tone: 'failed', label: translate('overlay_failed'), percent: '' };
  if ('missing' in photo) {
    return { tone: 'failed', label: translate('overlay_failed'), percent: translate(`missing_${photo.missing}`) };
  }
  const { label, like } = photo;
  const like_ = label === 'LIKE';
  return {
    tone: like_ ? 'like' : 'nope',
    label: `${like_ ? '✓' : '✕'} ${translate(like_ ? 'label_like' : 'label_nope')}`,
    percent: formatPercent(like),
  };
}

/** A profile's decision with its reason, in one line. */
export function decisionLine({ decision, photos, threshold }: Verdict, translate: Translate): string {
  const from = `${Number((threshold * 100).toFixed(2))} %`;
  switch (decision.reason) {
    case 'like_found': {
      const photo = photos[decision.photo];
      const like = photo && 'like' in photo ? formatPercent(photo.like) : '';
      return translate('decision_like_found', String(decision.photo + 1), like, from);
    }
    case 'all_nope':
      if (photos.length === 1) return translate('decision_only_nope', from);
      return translate('decision_all_nope', String(photos.length), from);
    case 'no_photo':
      return translate('decision_no_photo');
    case 'photos_failed':
    case 'photos_missing': {
      const missing = photos.flatMap((photo, index) => ('missing' in photo ? [index + 1] : []));
      const key = missing.length === 1 ? 'decision_photo_missing' : 'decision_photos_missing';
      return translate(key, missing.join(', '), String(photos.length));
    }
  }
}

/** That so many photos are on their way to the server. */
export function scoringLine(count: number, translate: Translate): string {
  return count === 1 ? translate('overlay_scoring_one') : translate('overlay_scoring', String(count));
}
