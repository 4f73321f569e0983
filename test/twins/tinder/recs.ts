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

interface Photo {
  readonly id: string;
  readonly url: string;
  readonly processedFiles: readonly object[];
  readonly processedVideos?: readonly object[];
  readonly crop_info: object;
  readonly media_type: string;
}

interface User {
  readonly _id: string;
  readonly badges: readonly object[];
  readonly bio: string;
  readonly gender: number;
  readonly name: string;
  readonly birth_date: string;
  readonly photos: readonly Photo[];
}

interface Result {
  readonly type: string;
  readonly user?: User;
  readonly ad?: object;
  readonly distance_mi?: number;
  readonly s_number?: number;
}

/** What the API answers, as far as it is looked at here. */
export interface RecsAnswer {
  readonly meta: { readonly status: number };
  readonly data: { readonly results: readonly Result[] };
}

/** People of one answer. */
export const BATCH = 10;

/**
 * The answer of `GET https://api.gotinder.com/v2/recs/core`: people in the order of the deck, with something among them
 * that is none.
 */
export function recsAnswer(profiles: readonly TwinProfile[]): RecsAnswer {
  const results = profiles.flatMap((profile): Result[] => [
    // Once in a while something else is for sale.
    ...(profile.serial % 7 === 0 ? [{ type: 'ad', ad: { campaign: `c${profile.serial}` } }] : []),
    { type: 'user', user: userOf(profile), distance_mi: profile.distance, s_number: profile.serial },
  ]);
  return { meta: { status: 200 }, data: { results } };
}

/** How the API's answer may come to look; the page goes with it. */
export const SHAPES = ['people', 'users', 'media', 'no-files', 'no-birth'] as const;

/** See {@link SHAPES}. */
export type AnswerShape = (typeof SHAPES)[number];

/** An answer in another shape. */
export function reshaped(answer: RecsAnswer, shape: AnswerShape): object {
  const { results } = answer.data;
  if (shape === 'people') return { people: results };
  if (shape === 'users') return { data: { users: results } };
  const changed = results.map((result) => (result.user ? { ...result, user: userIn(shape, result.user) } : result));
  return { ...answer, data: { results: changed } };
}

function userIn(shape: 'media' | 'no-files' | 'no-birth', { photos, birth_date, ...user }: User): object {
  if (shape === 'media') return { ...user, birth_date, media: photos };
  if (shape === 'no-birth') return { ...user, photos };
  return { ...user, birth_date, photos: photos.map(({ processedFiles, ...photo }) => photo) };
}

function userOf({ id, name, birthDate, bio, isVerified, photos, serial }: TwinProfile): User {
  return {
    _id: id,
    badges: isVerified ? [{ type: 'selfie_verified' }] : [],
    bio,
    birth_date: birthDate,
    name,
    photos: photos.map((photo) => photoOf(id, photo, serial)),
    gender: 1,
  };
}

function photoOf(owner: string, photo: TwinPhoto, serial: number): Photo {
  const random = seededRandom(seedOf(serial, Number.parseInt(photo.id.slice(0, 8), 16)));
  const processedFiles = shuffled(random, SIZES).map(({ width, height }) => ({
    url: photoUrl(owner, photo, width, height),
    width,
    height,
  }));
  return {
    id: photo.id,
    crop_info: { processed_by_bullseye: true, user_customized: false },
    url: photoUrl(owner, photo, 'original'),
    processedFiles,
    ...(photo.video && {
      processedVideos: [{ url: photoUrl(owner, photo, 'video'), width: 480, height: 600 }],
    }),
    media_type: photo.video ? 'video' : 'image',
  };
}

/**
 * Where a photo can be had in a size. In the form of today signed, so whoever holds the address can see it; in the older form
 * under the number of whose photo it is, which says nothing of which photo.
 */
export function photoUrl(
  owner: string,
  { token, id, older }: TwinPhoto,
  size: number | 'original' | 'video',
  height?: number,
): string {
  if (older)
    return `https://${IMAGES_HOST}/${owner}/${typeof size === 'number' ? `${size}x${height}` : size}_${id}.jpg`;
  const file = `${typeof size === 'number' ? `${size}x` : size}_${id}`;
  const ending = size === 'video' ? 'mp4' : 'webp';
  const policy = Buffer.from(JSON.stringify({ Statement: [{ Resource: `*/u/${token}/*` }] })).toString('base64');
  const signature = Buffer.from(`signature of ${token} ${file}, which nobody checks`).toString('base64');
  const signed = `Policy=${forUrl(policy)}&Signature=${forUrl(signature)}&Key-Pair-Id=KTWIN00000000`;
  return `https://${IMAGES_HOST}/u/${token}/${file}.${ending}?${signed}`;
}

/** People matched before: none of them is in the deck, and every address is of the older form. */
const MATCHES_FROM = 1_000_000;

/** A photo of each person in the sidebar. */
export function matchPhotos(deck: { profile(index: number): TwinProfile }): string[] {
  return Array.from({ length: 6 }, (_, at) => {
    const { id, photos } = deck.profile(MATCHES_FROM + at);
    return photoUrl(id, { ...photos[0]!, older: true }, 172, 216);
  });
}

/** As CloudFront writes it: base64 without what a query has its own use for. */
const forUrl = (base64: string) => base64.replaceAll('+', '-').replaceAll('=', '_').replaceAll('/', '~');

/** The width that a photo's file name asks for, in either form: undefined for a video or anything else. */
export function widthOfFile(file: string): number | undefined {
  if (/^original_.+\.(webp|jpg)$/.test(file)) return 1080;
  const width = Number(/^(\d+)x(?:\d+)?_.+\.(?:webp|jpg)$/.exec(file)?.[1] ?? Number.NaN);
  return SIZES.some((size) => size.width === width) ? width : undefined;
}
