import { expect, it } from 'vitest';
import * as z from 'zod';
import { TwinDeck } from './deck.ts';
import { seededPlans } from './plans.ts';
import { reshaped, SHAPES, widthOfFile } from './recs.ts';

/** facts/sites.md, "The page's own data". */
const fileSchema = z.object({ url: z.url(), width: z.int(), height: z.int() });
const recsSchema = z.object({
  data: z.object({
    results: z.array(
      z.union([
        z.object({
          type: z.literal('user'),
          user: z.object({
            _id: z.string().regex(/^[0-9a-f]{24}$/),
            name: z.string(),
            birth_date: z.iso.datetime(),
            bio: z.string(),
            photos: z
              .array(
                z.object({
                  id: z.string(),
                  url: z.url(),
                  processedFiles: z.array(fileSchema).length(4),
                  media_type: z.enum(['image', 'video']),
                  crop_info: z.object(),
                }),
              )
              .min(1),
          }),
          distance_mi: z.int(),
          s_number: z.int(),
        }),
        z.object({ type: z.literal('ad') }),
      ]),
    ),
  }),
});

const DECK = { seed: 1, today: new Date('2026-09-01'), rates: { older: 0 }, plan: () => ({}) };

const deckOf = (profiles: number, plan: ReturnType<typeof seededPlans> = () => ({})) =>
  new TwinDeck({ ...DECK, profiles, plan });

const deal = (deck: TwinDeck) => recsSchema.parse(deck.deal()).data.results;
const users = (deck: TwinDeck) => deal(deck).flatMap((result) => (result.type === 'user' ? [result.user] : []));

it('deals everybody once, in order, ten at a time, with something else among them', () => {
  const deck = deckOf(45);
  const batches = Array.from({ length: 5 }, () => deal(deck));
  const dealt = batches.flat().flatMap((result) => (result.type === 'user' ? [deck.indexOf(result.user._id)] : []));
  expect(dealt).toEqual([...Array(45).keys()]);
  expect(batches.flat().some(({ type }) => type === 'ad')).toBe(true);
  expect(deal(deck)).toEqual([]);
});

it('has every photo in the four sizes, in no fixed order, under one token, signed', () => {
  const orders = new Set<string>();
  for (const { photos } of users(deckOf(10))) {
    for (const { url, processedFiles } of photos) {
      orders.add(processedFiles.map(({ width }) => width).join());
      const addresses = [url, ...processedFiles.map((file) => file.url)].map((address) => new URL(address));
      expect(new Set(addresses.map(({ pathname }) => pathname.split('/')[2])).size).toBe(1);
      for (const { host, searchParams } of addresses) {
        expect(host).toBe('images-ssl.gotinder.com');
        expect([...searchParams.keys()]).toEqual(['Policy', 'Signature', 'Key-Pair-Id']);
      }
      for (const file of processedFiles)
        expect(widthOfFile(new URL(file.url).pathname.split('/')[3]!)).toBe(file.width);
    }
  }
  expect(orders.size).toBeGreaterThan(5);
});

it('has photos at addresses of the older form, which tell whose they are and not which', () => {
  const deck = new TwinDeck({ ...DECK, profiles: 60, rates: { older: 0.5 } });
  const results = Array.from({ length: 6 }, () => users(deck)).flat();
  const older = results.flatMap(({ _id, photos }) =>
    photos.filter(({ url }) => !url.includes('/u/')).map((photo) => ({ _id, ...photo })),
  );
  expect(older.length).toBeGreaterThan(30);
  for (const { _id, id, processedFiles } of older) {
    for (const { url, width, height } of processedFiles) {
      expect(new URL(url).pathname).toBe(`/${_id}/${width}x${height}_${id}.jpg`);
      expect(widthOfFile(new URL(url).pathname.split('/')[2]!)).toBe(width);
    }
  }
  expect(results.some(({ photos }) => photos.some(({ url }) => url.includes('/u/')))).toBe(true);
});

it('answers in other shapes with the same people', () => {
  const answer = deckOf(3).deal();
  expect(SHAPES.map((shape) => JSON.stringify(reshaped(answer, shape)) !== JSON.stringify(answer))).not.toContain(
    false,
  );
});

it('deals those who were not judged again when the page is loaded anew', () => {
  const deck = deckOf(3);
  expect(deck.judge(1)).toBe(200);
  deck.begin();
  expect(users(deck).map(({ _id }) => deck.indexOf(_id))).toEqual([0, 2]);
});

it('deals somebody again whose swipe was taken back', () => {
  const deck = deckOf(2);
  const [first] = users(deck).map(({ _id }) => _id);
  deck.judge(0);
  expect([deck.takeBack(first!), deck.takeBack(first!), deck.takeBack('nobody')]).toEqual([0, undefined, undefined]);
  deck.begin();
  expect(users(deck).map(({ _id }) => deck.indexOf(_id))).toEqual([0, 1]);
});

it('fails a call as planned, and takes the next one', () => {
  const deck = deckOf(3, () => ({ callFails: { times: 1, status: 429 } }));
  expect([deck.judge(0), deck.judge(0), deck.judge(undefined)]).toEqual([429, 200, 404]);
});

it('plans the same for the same seed, as often as asked', () => {
  const plan = seededPlans(1, { match: 0.1, before: { location: 0.05 }, callFails: 0.02, rerender: 0.1 });
  const plans = Array.from({ length: 1_000 }, (_, index) => plan(index));
  expect(Array.from({ length: 1_000 }, (_, index) => plan(index))).toEqual(plans);
  const count = (has: (one: (typeof plans)[number]) => unknown) => plans.filter(has).length;
  expect(count(({ afterLike }) => afterLike === 'match')).toBeGreaterThan(70);
  expect(count(({ before }) => before === 'location')).toBeGreaterThan(30);
  expect(count(({ callFails }) => callFails)).toBeGreaterThan(8);
  expect(count((one) => Object.keys(one).length === 0)).toBeGreaterThan(650);
});
