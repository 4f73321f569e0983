import { batch, computed, signal } from '@preact/signals';
import { SCORE_LIMITS, scoreAnswerSchema } from '@swipenet/shared/contract/score.ts';
import type { EvidenceMap } from '@swipenet/shared/heat-map.ts';
import { AskError, ask } from '../../live/ask.ts';

/** The confidence of a photo, its evidence map, and the model that they come from; or why there is none. */
type Result = { readonly like: number; readonly evidence: EvidenceMap; readonly model: string } | Problem;

interface Problem {
  readonly problem: string;
}

/** A photo that the person tries. It is only in memory. */
export interface TriedPhoto {
  readonly id: number;
  readonly name: string;
  /** The file, or undefined if it can't be sent. */
  readonly bytes: Uint8Array<ArrayBuffer> | undefined;
  /** A small picture of it, or undefined if the browser can't read it. */
  readonly picture: ImageBitmap | undefined;
  /** Undefined until it is scored. */
  readonly result: Result | undefined;
}

/** How many photos may be tried at once, so that the browser's memory is enough. */
const MOST_PHOTOS = 100;

/** How many photos go in one request: few, so that the first results come soon. */
const AT_ONCE = 8;

/** The longer side of a picture on the screen, in pixels. */
const PICTURE_SIZE = 512;

/** The photos, in the order in which they were added. They stay while the page is open, also on other screens. */
export const photos = signal<readonly TriedPhoto[]>([]);

/** Why not all photos could be scored or added, if so. */
export const trouble = signal<string>();

/** How long the server took for the requests of the last scoring, in milliseconds, and for how many photos. */
export const took = signal<{ readonly photos: number; readonly totalMs: number } | undefined>();

/** True while photos are being scored. */
export const isScoring = signal(false);

/** The photos that have no result yet. */
export const waiting = computed(() => photos.value.filter(({ result }) => result === undefined));

let lastId = 0;

/** Adds files, and has them scored. A file that can't be read or sent is there with its problem. */
export async function addFiles(files: readonly File[]): Promise<void> {
  const room = MOST_PHOTOS - photos.value.length;
  trouble.value =
    files.length > room ? `Only ${MOST_PHOTOS} photos fit at once. Remove some to try others.` : undefined;
  for (const file of files.slice(0, Math.max(0, room))) {
    const photo = await photoOf(file);
    photos.value = [...photos.value, photo];
  }
  await scoreWaiting();
}

async function photoOf(file: File): Promise<TriedPhoto> {
  lastId += 1;
  const about = { id: lastId, name: file.name };
  const refused = (problem: string) => ({ ...about, bytes: undefined, picture: undefined, result: { problem } });
  if (file.size > SCORE_LIMITS.maxPhotoBytes) {
    return refused(`The photo is larger than ${SCORE_LIMITS.maxPhotoBytes / 1e6} MB`);
  }
  const bytes = await file.arrayBuffer().catch(() => undefined);
  if (!bytes) return refused('The file can’t be read. Folders can’t be tried: choose the photos in them');
  return { ...about, bytes: new Uint8Array(bytes), picture: await pictureOf(new Blob([bytes])), result: undefined };
}

/** Makes a small picture, upright. Returns undefined for what the browser can't decode. */
async function pictureOf(blob: Blob): Promise<ImageBitmap | undefined> {
  const whole = await createImageBitmap(blob).catch(() => undefined);
  if (!whole) return undefined;
  const scale = Math.min(1, PICTURE_SIZE / Math.max(whole.width, whole.height));
  const side = (length: number) => Math.max(1, Math.round(length * scale));
  try {
    const size = { resizeWidth: side(whole.width), resizeHeight: side(whole.height) };
    return await createImageBitmap(whole, { ...size, resizeQuality: 'high' });
  } finally {
    whole.close();
  }
}

/** Removes a photo. */
export function removePhoto(id: number): void {
  photos.value.find((photo) => photo.id === id)?.picture?.close();
  photos.value = photos.value.filter((photo) => photo.id !== id);
}

/** Removes all photos. */
export function removeAll(): void {
  for (const { picture } of photos.value) picture?.close();
  batch(() => {
    photos.value = [];
    trouble.value = undefined;
    took.value = undefined;
  });
}

/** Forgets all confidences, for example because the server uses another model, and has the photos scored again. */
export async function scoreAgain(): Promise<void> {
  photos.value = photos.value.map((photo) => (photo.bytes ? { ...photo, result: undefined } : photo));
  await tryAgain();
}

/** Has the photos scored after the server refused or didn't respond. */
export async function tryAgain(): Promise<void> {
  trouble.value = undefined;
  await scoreWaiting();
}

/** Has the photos scored that have no result yet, a few at a time. If the server refuses, says why and stops. */
async function scoreWaiting(): Promise<void> {
  if (isScoring.value) return; // the photos are scored in their turn
  isScoring.value = true;
  const start = { photos: 0, totalMs: 0 };
  try {
    while (waiting.value.length > 0) {
      const some = waiting.value.slice(0, AT_ONCE);
      const totalMs = await score(some);
      start.photos += some.length;
      start.totalMs += totalMs;
      took.value = { ...start };
    }
  } catch (error) {
    if (!(error instanceof AskError)) throw error;
    trouble.value = error.message;
  } finally {
    isScoring.value = false;
  }
}

/** Scores photos in one request, and keeps the results. Returns how long the server took. Throws AskError. */
async function score(some: readonly TriedPhoto[]): Promise<number> {
  const body = new FormData();
  for (const { bytes } of some) body.append('photo', new Blob([bytes!]), 'photo'); // its name is nobody’s business
  const { photos: scores, model, timings } = await ask('score', scoreAnswerSchema, { query: { evidence: 1 }, body });
  const results = new Map<number, Result>();
  for (const scored of scores) {
    const { id } = some[scored.index]!;
    if ('error' in scored) results.set(id, { problem: sentence(scored.error.message) });
    else results.set(id, { like: scored.like, evidence: scored.evidence?.flat() ?? [], model });
  }
  photos.value = photos.value.map((photo) => ({ ...photo, result: results.get(photo.id) ?? photo.result }));
  return timings.totalMs;
}

const sentence = (message: string) => `${message.charAt(0).toUpperCase()}${message.slice(1)}`;

/** Returns a photo's confidence, or null if it has none. */
export const likeOf = ({ result }: TriedPhoto): number | null => (result && 'like' in result ? result.like : null);
