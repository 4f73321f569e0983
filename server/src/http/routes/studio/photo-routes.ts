import { LABELS } from '@swipenet/shared/confidence.ts';
import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import {
  type DatasetMade,
  type DatasetReviews,
  MAX_NUMBERS_BYTES,
  MOST_DROPS,
  MOST_FACTS,
  newVersionSchema,
  type PhotoDrops,
  type PhotoPairs,
  type PhotosFacts,
  photoDropsSchema,
  photoFilterSchema,
  type Relabeled,
} from '@swipenet/shared/contract/studio/photos.ts';
import type { Context } from 'hono';
import type { AppDependencies, AppEnv } from '../../dependencies.ts';
import { GrowingBytes } from '../../form/growing-bytes.ts';
import { readJson } from '../../form/json-body.ts';
import { bodyTooLarge } from '../../guards/bounded-body.ts';
import { NOT_STORED } from '../not-stored.ts';
import { photoNumbersOf } from './dataset-routes.ts';

const BYTES = { ...NOT_STORED, 'Content-Type': 'application/octet-stream' };

const datasetOf = (context: Context<AppEnv>) => context.req.param('dataset')!;

/** Responds to a change with the reviews, after all pages have heard of it. */
async function changed(context: Context<AppEnv>, { events, reviews }: AppDependencies['studio']): Promise<Response> {
  await events.refresh('reviews');
  return context.json({ reviews: await reviews.list() } satisfies DatasetReviews, 200, NOT_STORED);
}

/** `GET …/numbers?label=LIKE&show=suspected`: returns the numbers of the photos that match. Throws SwipenetError `query_invalid`. */
export function studioPhotoNumbersRoute({ studio: { reviews } }: AppDependencies) {
  return async (context: Context<AppEnv>): Promise<Response> => {
    const filter = photoFilterSchema.safeParse(context.req.query());
    if (!filter.success) throw new SwipenetError('query_invalid', 'label, part, profile or show is unknown');
    const { buffer, byteOffset, byteLength } = await reviews.numbers(datasetOf(context), filter.data);
    return context.body(new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength), 200, BYTES);
  };
}

/** `GET …/photos?photos=1,2,3`: returns what the dataset says about photos. Throws SwipenetError `query_invalid`. */
export function studioPhotoFactsRoute({ studio: { reviews } }: AppDependencies) {
  return async (context: Context<AppEnv>): Promise<Response> => {
    const numbers = photoNumbersOf(context.req.query('photos'), MOST_FACTS);
    const photos = await reviews.facts(datasetOf(context), numbers);
    return context.json({ photos } satisfies PhotosFacts, 200, NOT_STORED);
  };
}

/** `GET …/photos/:photo`: returns a photo's gray levels, `[256, 256]`. Throws SwipenetError `query_invalid`, `studio_unknown`. */
export function studioPhotoRoute({ studio }: AppDependencies) {
  return async (context: Context<AppEnv>): Promise<Response> => {
    const [number] = photoNumbersOf(context.req.param('photo'), 1);
    const photo = await studio.photo(datasetOf(context), number!);
    return context.body(photo as Uint8Array<ArrayBuffer>, 200, BYTES);
  };
}

/** `GET …/pairs`: returns the pairs of photos that look alike. */
export function studioPairsRoute({ studio: { reviews } }: AppDependencies) {
  return async (context: Context<AppEnv>): Promise<Response> =>
    context.json((await reviews.pairs(datasetOf(context))) satisfies PhotoPairs, 200, NOT_STORED);
}

/** `GET …/draft`: returns the changes that aren't saved yet, and the look-alikes that a person keeps both of. */
export function studioDraftRoute({ studio: { reviews } }: AppDependencies) {
  return async (context: Context<AppEnv>): Promise<Response> =>
    context.json(await reviews.draft(datasetOf(context)), 200, NOT_STORED);
}

/** `POST …/draft?label=NOPE`: relabels the profiles of the photos in the body. Throws SwipenetError `query_invalid`. */
export function studioRelabelRoute({ studio: { reviews, events } }: AppDependencies) {
  return async (context: Context<AppEnv>): Promise<Response> => {
    const label = LABELS.find((known) => known === context.req.query('label'));
    if (!label) throw new SwipenetError('query_invalid', `label must be ${LABELS.join(' or ')}`);
    const numbers = await readNumbers(context);
    const answer = { changed: await reviews.relabel(datasetOf(context), numbers, label) };
    await events.refresh('reviews');
    return context.json(answer satisfies Relabeled, 200, NOT_STORED);
  };
}

/** `POST …/drops`: drops photos from the next version, and keeps others or both of a pair. Throws SwipenetError `body_malformed`. */
export function studioDropRoute({ studio: { reviews, events } }: AppDependencies) {
  return async (context: Context<AppEnv>): Promise<Response> => {
    const body = photoDropsSchema.safeParse(await readJson(context));
    if (!body.success) {
      const message = `the body must be JSON: {"drop": [7], "keep": [3], "keepPairs": [], "reopenPairs": [[3, 7]]}, with up to ${MOST_DROPS} each and the lower number first`;
      throw new SwipenetError('body_malformed', message);
    }
    const answer = await reviews.drop(datasetOf(context), body.data);
    await events.refresh('reviews');
    return context.json(answer satisfies PhotoDrops, 200, NOT_STORED);
  };
}

/** `DELETE …/draft`: forgets the changed labels and the dropped photos. */
export function studioDraftDiscardRoute({ studio }: AppDependencies) {
  return async (context: Context<AppEnv>): Promise<Response> => {
    await studio.reviews.discard(datasetOf(context));
    return changed(context, studio);
  };
}

/** `POST …/versions`: saves the changes as a new dataset. Throws SwipenetError `body_malformed`; CommandError. */
export function studioVersionSaveRoute({ studio: { reviews, events } }: AppDependencies) {
  return async (context: Context<AppEnv>): Promise<Response> => {
    const body = newVersionSchema.safeParse(await readJson(context));
    if (!body.success) {
      throw new SwipenetError(
        'body_malformed',
        'a name has up to 64 lowercase letters, digits, dots, dashes and underscores',
      );
    }
    const id = await reviews.save(datasetOf(context), body.data.name);
    await events.refresh('reviews');
    return context.json({ id } satisfies DatasetMade, 200, NOT_STORED);
  };
}

/** `POST …/check`: begins to look for wrong labels. */
export function studioLabelCheckRoute({ studio }: AppDependencies) {
  return async (context: Context<AppEnv>): Promise<Response> => {
    await studio.reviews.check(datasetOf(context));
    return changed(context, studio);
  };
}

/** `DELETE …/check`: stops that. */
export function studioLabelCheckStopRoute({ studio }: AppDependencies) {
  return async (context: Context<AppEnv>): Promise<Response> => {
    await studio.reviews.stopCheck(datasetOf(context));
    return changed(context, studio);
  };
}

/** Reads photos' numbers from a body, uint32 in little-endian order. Throws SwipenetError `body_malformed`, `body_too_large`. */
async function readNumbers(context: Context<AppEnv>): Promise<Uint32Array> {
  const bytes = new GrowingBytes();
  for await (const chunk of context.get('body')) {
    if (bytes.length + chunk.length > MAX_NUMBERS_BYTES) throw bodyTooLarge(MAX_NUMBERS_BYTES);
    bytes.append(chunk);
  }
  const all = bytes.joined();
  if (all.length === 0 || all.length % 4 !== 0) {
    throw new SwipenetError('body_malformed', 'the body must be photos’ numbers, 4 bytes each');
  }
  return new Uint32Array(all.slice().buffer);
}
