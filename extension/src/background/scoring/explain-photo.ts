import type { Evidence } from '../../messages.ts';
import { hasConsent } from '../../storage/settings.ts';
import { chosenThreshold } from '../server/model-threshold.ts';
import { ProblemError } from '../server/problem.ts';
import { resizeModeFor } from './pack-photos.ts';
import { pack, type ScoringParts } from './score-photos.ts';

/** What explaining a photo needs. */
export interface ExplainParts extends Omit<ScoringParts, 'cache' | 'clock' | 'priority'> {
  /** Returns the size of a photo in pixels. Rejects if the browser can't decode it. */
  readonly sizeOf: (bytes: Uint8Array<ArrayBuffer>) => Promise<{ readonly width: number; readonly height: number }>;
}

/**
 * Returns where in a photo the evidence for LIKE is. Verdicts in the cache don't have it, and few photos are asked about,
 * so the photo is downloaded and scored once more. Nothing is learned from that.
 *
 * @returns null if the photo can't be downloaded or read.
 * @throws ProblemError like {@link scorePhotos}.
 */
export async function explainPhoto(url: string, parts: ExplainParts): Promise<Evidence | null> {
  const { settings, pageOrigin, signal, client, fetcher, withheldHost, sizeOf } = parts;
  // In Learn, the network's opinion would influence the person's own.
  if (!hasConsent(settings) || (settings.mode !== 'show' && settings.mode !== 'swipe')) {
    throw new ProblemError('consent_missing');
  }
  const model = await client.model(signal);
  const [bytes] = await fetcher.fetchAll([url], { pageOrigin, priority: 'now' }, signal);
  signal.throwIfAborted();
  const host = bytes ? undefined : await withheldHost([url]);
  if (host) throw new ProblemError('photo_access', { detail: host });
  const size = bytes && (await sizeOf(bytes).catch(() => undefined));
  if (!bytes || !size) return null;
  const resize = resizeModeFor(model, false);
  if (!resize) throw new ProblemError('server_older');
  const threshold = await chosenThreshold(settings, model);
  const photos = await pack([bytes], resize, parts);
  const asked = { photos, photoCount: 1, threshold, priority: 'now', learn: false } as const;
  const answer = await client.score({ ...asked, evidence: true }, signal);
  signal.throwIfAborted();
  // The threshold was chosen for another model than the one that has labeled the photo.
  if (answer.model !== model.id) throw new ProblemError('server_unknown');
  const [photo] = answer.photos;
  if (!photo || 'error' in photo || !photo.evidence) return null;
  const { like, label, evidence } = photo;
  return { like, label, evidence: evidence.flat(), resize, ...size };
}

/** Decodes a photo, and returns its size in pixels as it is shown. Rejects if the browser can't decode it. */
export async function decodedSize(bytes: Uint8Array<ArrayBuffer>): Promise<{ width: number; height: number }> {
  const bitmap = await createImageBitmap(new Blob([bytes]), { imageOrientation: 'from-image' });
  const { width, height } = bitmap;
  bitmap.close();
  return { width, height };
}
