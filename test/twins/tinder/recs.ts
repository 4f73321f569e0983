import { seededRandom, seedOf, shuffled } from '@swipenet/shared/random.ts';
import type { TwinPhoto, TwinProfile } from './profiles.ts';

/** The host that photos come from. */
export const IMAGES_HOST = 'images-ssl.gotinder.com';

/** The sizes in which a photo can be had, in pixels. */
export const SIZES = [
  { width: 640, height: 800 },
  { width: 320, height: 400 },
  { width: 172, height: 216 },
  { width: 84, height: 106 },
] as const;

/** People of one answer. */
export const BATCH = 10;

/**
 * The answer of `GET https://api.gotinder.com/v2/recs/core`: people in the order of the deck, with something among them
 * that is none.
 */
export function recsAnswer(profiles: readonly TwinProfile[]): object {
  const results = profiles.flatMap((profile) => [
    // Once in a while something else is for sale.
    ...(profile.serial % 7 === 0 ? [{ type: 'ad', ad: { campaign: `c${profile.serial}` } }] : []),
    { type: 'user', user: userOf(profile), distance_mi: profile.distance, s_number: profile.serial },
  ]);
  return { meta: { status: 200 }, data: { results } };
}

function userOf({ id, name, birthDate, bio, photos, serial }: TwinProfile): object {
  return {
    _id: id,
    badges: [],
    bio,
    birth_date: birthDate,
    name,
    photos: photos.map((photo) => photoOf(photo, serial)),
    gender: 1,
  };
}

function photoOf(photo: TwinPhoto, serial: number): object {
  const random = seededRandom(seedOf(serial, Number.parseInt(photo.id.slice(0, 8), 16)));
  const processedFiles = shuffled(random, SIZES).map(({ width, height }) => ({
    url: photoUrl(photo, width),
    width,
    height,
  }));
  return {
    id: photo.id,
    crop_info: { processed_by_bullseye: true, user_customized: false },
    url: photoUrl(photo, 'original'),
    processedFiles,
    ...(photo.video && {
      processedVideos: [{ url: photoUrl(photo, 'video'), width: 480, height: 600 }],
    }),
    media_type: photo.video ? 'video' : 'image',
  };
}

/** Where a photo can be had in a size; signed, so whoever holds the address can see it. */
export function photoUrl({ token, id }: TwinPhoto, size: number | 'original' | 'video'): string {
  const file = `${size === 'original' ? 'original' : size === 'video' ? 'video' : `${size}x`}_${id}`;
  const ending = size === 'video' ? 'mp4' : 'webp';
  const policy = Buffer.from(JSON.stringify({ Statement: [{ Resource: `*/u/${token}/*` }] })).toString('base64');
  const signature = Buffer.from(`signature of ${token} ${file}, which nobody checks`).toString('base64');
  const signed = `Policy=${forUrl(policy)}&Signature=${forUrl(signature)}&Key-Pair-Id=KTWIN00000000`;
  return `https://${IMAGES_HOST}/u/${token}/${file}.${ending}?${signed}`;
}

/** As CloudFront writes it: base64 without what a query has its own use for. */
const forUrl = (base64: string) => base64.replaceAll('+', '-').replaceAll('=', '_').replaceAll('/', '~');

/** The width that a photo's file name asks for: a number, `original`, or undefined for a video or anything else. */
export function widthOfFile(file: string): number | undefined {
  if (file.startsWith('original_') && file.endsWith('.webp')) return 1080;
  const width = Number(/^(\d+)x_.+\.webp$/.exec(file)?.[1] ?? Number.NaN);
  return SIZES.some((size) => size.width === width) ? width : undefined;
}
