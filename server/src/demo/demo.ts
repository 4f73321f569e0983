import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import * as z from 'zod';
import { DrawingThread } from '../pictures/drawing-thread.ts';
import { BytesCache } from './bytes-cache.ts';
import { readPageFile } from './page-files.ts';
import { MAX_PROFILES, profileOf, profilesOf } from './profiles.ts';
import { RunRecords, runEventSchema, runIdSchema } from './run-records.ts';
import { answersOf, BIO_TASTES, TASTES } from './tastes.ts';

/** Enough for a few hundred photos. */
const PHOTO_BYTES = 48 * 1024 * 1024;

/** Enough for the ten longest decks, and for hundreds of short ones. */
const DECK_BYTES = 8 * 1024 * 1024;

const MAX_REPORT_BYTES = 64 * 1024;

const wholeNumber = (max: number) =>
  z
    .string()
    .regex(/^\d{1,10}$/)
    .transform(Number)
    .pipe(z.int().max(max));
const deckSchema = z
  .object({
    run: runIdSchema.optional(),
    seed: wholeNumber(2 ** 32 - 1).default(1),
    profiles: wholeNumber(MAX_PROFILES).default(20),
    taste: z.enum([...TASTES, ...BIO_TASTES]).optional(),
    drift: wholeNumber(MAX_PROFILES).optional(),
  })
  .refine(({ taste, drift }) => taste !== undefined || drift === undefined);
const photoSchema = z.object({
  profile: z.string(),
  file: z
    .string()
    .regex(/^\d{1,2}\.jpg$/)
    .transform((name) => Number.parseInt(name, 10)),
});
const reportSchema = z.array(runEventSchema).min(1).max(100);

/** Creates the routes of the demo dating page (docs/demo-page.md): its files, profiles, photos and records. */
export function createDemo(): Hono {
  const demo = new Hono();
  const photos = new BytesCache(PHOTO_BYTES);
  const decks = new BytesCache(DECK_BYTES);
  const thread = new DrawingThread();
  const records = new RunRecords();

  demo.get('/', async ({ req, body }) => {
    parseOr404(deckSchema, req.query(), 'deck');
    const page = await readPageFile('page.html');
    return body(page!.text, 200, {
      'Content-Type': page!.type,
      'Cache-Control': 'no-store',
      'Content-Security-Policy':
        "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'",
    });
  });
  demo.get('/profiles', async ({ req, body }) => {
    const deck = parseOr404(deckSchema, req.query(), 'deck');
    const { seed, profiles, taste, drift } = deck;
    const key = [seed, profiles, taste, drift].join();
    const bytes = await decks.get(
      key,
      async () => new TextEncoder().encode(JSON.stringify(deal(deck))),
      req.raw.signal,
    );
    return body(bytes, 200, { 'Content-Type': 'application/json' });
  });
  demo.get('/photos/:profile/:file', async ({ req, body }) => {
    const { profile, file } = parseOr404(photoSchema, req.param(), 'photo');
    const photo = profileOf(profile)?.photos[file];
    if (!photo) throw new SwipenetError('route_unknown', 'the demo page has no such photo');
    const draw = (signal: AbortSignal) => thread.draw(photo, signal);
    const bytes = await photos.get(`${profile}/${file}`, draw, req.raw.signal);
    return body(bytes, 200, {
      'Content-Type': 'image/jpeg',
      'Cache-Control': photo.broken ? 'no-store' : 'private, max-age=600',
    });
  });
  demo.get('/record', ({ req, json }) => json(records.read(parseOr404(runIdSchema, req.query('run'), 'run'))));
  demo.post('/record', bodyLimit({ maxSize: MAX_REPORT_BYTES, onError: rejectLargeBody }), async ({ req, body }) => {
    const run = parseOr404(runIdSchema, req.query('run'), 'run');
    const events = reportSchema.safeParse(await req.json().catch(() => undefined));
    if (!events.success) {
      throw new SwipenetError('body_malformed', 'the body must be a JSON list of 1 to 100 events');
    }
    if (!records.add(run, events.data)) {
      throw new SwipenetError('body_too_large', 'the record of this run is full; start a new run');
    }
    return body(null, 204);
  });
  demo.get('/:file', async ({ req, body }) => {
    const file = await readPageFile(req.param('file'));
    if (!file) throw new SwipenetError('route_unknown', 'the demo page has no such file');
    return body(file.text, 200, { 'Content-Type': file.type, 'Cache-Control': 'no-cache' });
  });
  return demo;
}

/** Deals a deck, as the page gets it: without how its photos were made. */
function deal({ seed, profiles: count, taste, drift }: z.output<typeof deckSchema>) {
  const profiles = profilesOf(seed, count, taste ? 'themes' : 'quality');
  const answers = taste && answersOf({ taste, drift }, seed, profiles);
  return profiles.map(({ photos, ...about }, place) => ({
    ...about,
    photoCount: photos.length,
    ...(answers && { wouldLike: answers[place] }),
  }));
}

/** Parses part of a request. Whatever the schema rejects doesn't exist, so it throws `route_unknown` (404). */
function parseOr404<Schema extends z.ZodType>(schema: Schema, input: unknown, what: string): z.output<Schema> {
  const parsed = schema.safeParse(input);
  if (!parsed.success) throw new SwipenetError('route_unknown', `the demo page has no such ${what}`);
  return parsed.data;
}

function rejectLargeBody(): never {
  throw new SwipenetError('body_too_large', `the body is larger than ${MAX_REPORT_BYTES} bytes`);
}
