import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DEFAULT_RATES, type TwinPhoto, twinProfile } from '../../../../../test/twins/tinder/profiles.ts';
import { photoUrl, recsAnswer } from '../../../../../test/twins/tinder/recs.ts';
import { photoToken } from '../anchors.ts';
import { fitsText, parseProfile } from './known-profile.ts';
import { pickProfiles } from './pick-profiles.ts';

const today = new Date('2026-11-24T12:00:00');
const profiles = Array.from({ length: 12 }, (_, index) =>
  twinProfile(7, index, { today, rates: { ...DEFAULT_RATES, video: 0.5 } }),
);
const answer = recsAnswer(profiles);
/** The token in a photo's address, of either form. */
const tokenOf = (owner: string, photo: TwinPhoto) => photoToken(photoUrl(owner, photo, 640, 800));
/** What the observer sends crosses worlds as text. */
const read = (body: unknown) => (JSON.parse(JSON.stringify(pickProfiles(body))) as unknown[]).map(parseProfile);

it('finds every profile in a response, in order, with photos and videos, but no ads', () => {
  const found = read(answer);
  expect(found.map((profile) => profile?.id)).toEqual(profiles.map(({ id }) => id));
  for (const [index, profile] of found.entries()) {
    const { photos, name, distance } = profiles[index]!;
    expect(profile).toMatchObject({ name, distanceMi: distance });
    expect(profile?.photos.map((photo) => ('url' in photo ? photoToken(photo.url) : 'video'))).toEqual(
      photos.map((photo) => (photo.video ? 'video' : tokenOf(profiles[index]!.id, photo))),
    );
  }
});

it('picks the smallest size that is wide enough, in any order, or else the widest', () => {
  const file = (width: number) => ({ width, height: width, url: `https://images-ssl.gotinder.com/u/t/${width}.webp` });
  const urlOf = (widths: number[]) => {
    const photo = {
      id: 'p',
      url: 'https://images-ssl.gotinder.com/u/t/original.webp',
      processedFiles: widths.map(file),
    };
    const user = { _id: 'a', name: 'Ann', photos: [photo] };
    return read({ data: { results: [{ type: 'user', user }] } })[0]?.photos[0];
  };
  expect(urlOf([84, 1080, 640, 320])).toEqual({ url: file(640).url });
  expect(urlOf([84, 320])).toEqual({ url: file(320).url });
  expect(urlOf([])).toEqual({ url: 'https://images-ssl.gotinder.com/u/t/original.webp' });
});

it('passes on only what finds a card and what rules look at', () => {
  const picked = ['id', 'name', 'born', 'distanceMi', 'bio', 'verified', 'photos'];
  expect(Object.keys(pickProfiles(answer)[0] as object)).toEqual(picked);
});

it('reads the bio, and whether a person is verified from the names of their badges', () => {
  const found = read(answer);
  for (const [index, { bio, isVerified }] of profiles.entries())
    expect(found[index]).toMatchObject({ bio, isVerified });
  const verified = (badges: unknown) =>
    read({ data: { results: [{ type: 'user', user: { _id: 'a', name: 'Ann', badges, photos: [] } }] } })[0]?.isVerified;
  expect([[{ type: 'selfie_verified' }], [{ type: 'new' }], [7], []].map(verified)).toEqual([
    true,
    false,
    false,
    false,
  ]);
  expect([undefined, null, 'selfie_verified'].map(verified)).toEqual([undefined, undefined, undefined]);
});

/** Removes, repeats or replaces any part of a response. */
const mutated = fc
  .array(
    fc.record({
      at: fc.nat(),
      how: fc.constantFrom('drop', 'null', 'number', 'text', 'list', 'double'),
      with: fc.anything(),
    }),
    {
      minLength: 1,
      maxLength: 6,
    },
  )
  .map((changes) => {
    const body = structuredClone(answer) as object;
    for (const change of changes) {
      const places: { holder: Record<string, unknown>; key: string }[] = [];
      const walk = (holder: object) => {
        for (const [key, value] of Object.entries(holder)) {
          places.push({ holder: holder as Record<string, unknown>, key });
          if (typeof value === 'object' && value !== null) walk(value);
        }
      };
      walk(body);
      const place = places[change.at % places.length];
      if (!place) return body; // nothing is left of it
      const { holder, key } = place;
      if (change.how === 'drop') delete holder[key];
      else if (change.how === 'double' && Array.isArray(holder)) holder.push(structuredClone(holder[Number(key)]));
      else holder[key] = { null: null, number: 7, text: 'x', list: [[]], double: {} }[change.how];
    }
    return body;
  });

it('parses a broken response into profiles with only their own photos or nothing, and never throws', () => {
  const ownerOf = new Map(
    profiles.flatMap(({ id, photos }) => photos.map((photo) => [tokenOf(id, photo), id] as const)),
  );
  fc.assert(
    fc.property(mutated, (body) => {
      for (const profile of read(body)) {
        if (!profile) continue;
        const tokens = profile.photos.flatMap((photo) => ('url' in photo ? [photoToken(photo.url)] : []));
        expect(tokens).not.toContain(undefined);
        expect(new Set(tokens).size).toBe(tokens.length);
        // A replaced part may cost a photo or the ID, but no photo may come from another profile.
        expect(new Set(tokens.map((token) => ownerOf.get(token!))).size).toBeLessThanOrEqual(1);
      }
    }),
    { numRuns: 200 },
  );
});

it('never throws, whatever the input', () => {
  fc.assert(fc.property(fc.anything(), (body) => void pickProfiles(body)));
  fc.assert(fc.property(fc.jsonValue(), (body) => void read({ data: { results: [{ type: 'user', user: body }] } })));
});

it('fits a card by name and, if it is shown, by age within a year', () => {
  const [profile] = read({
    data: {
      results: [{ type: 'user', user: { _id: 'a', name: 'Ann', birth_date: '2000-11-25T00:00:00.000Z', photos: [] } }],
    },
  });
  const fits = (name: string | undefined, age: number | undefined) =>
    fitsText(profile!, { ...(name && { name }), ...(age && { age }) }, today);
  expect([fits('Ann', 25), fits('Ann', 26), fits('Ann', undefined)]).toEqual([true, true, true]);
  expect([fits('Ann', 28), fits('Anne', 25), fits(undefined, 25)]).toEqual([false, false, false]);
});
