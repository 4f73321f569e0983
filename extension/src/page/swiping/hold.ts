import type { PhotoVerdict } from '../../messages.ts';
import type { Reason } from '../../reasons.ts';
import { missingPhotos } from '../overlay/verdict-text.ts';

/**
 * Returns why a card is left to the person: it has only videos, the page shows no photo, or some photos lack a score.
 */
export function holdOf(photos: readonly PhotoVerdict[]): { readonly reason: Reason; readonly detail?: string } {
  const missing = photos.map((photo) => 'missing' in photo && photo.missing);
  if (missing.length > 0 && missing.every((why) => why === 'video')) return { reason: 'only_videos' };
  if (missing.includes('page') && missing.every((why) => why === 'page' || why === 'video')) {
    return { reason: 'page_changed' };
  }
  return { reason: 'hold', detail: missingPhotos(photos).join(', ') };
}
