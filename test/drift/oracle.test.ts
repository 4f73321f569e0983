import { describe, expect, it } from 'vitest';
import type { ScoreRecord } from '../twins/stub-scorer.ts';
import { TwinDeck } from '../twins/tinder/deck.ts';
import { stillsOf, type TwinProfile, truthOf } from '../twins/tinder/profiles.ts';
import type { Deed, Top, Verdict } from '../twins/tinder/record.ts';
import { type Happened, unsafeOf } from './oracle.ts';

const deck = new TwinDeck({
  seed: 1,
  profiles: 400,
  today: new Date('2026-11-01'),
  rates: { video: 0, photos: 'even' },
  plan: () => ({}),
});

const find = (fits: (profile: TwinProfile) => boolean) => {
  for (let index = 0; ; index += 1) if (fits(deck.profile(index))) return deck.profile(index);
};
const liked = find((profile) => profile.photos.length > 2 && truthOf(profile).swipe === 'right');
const noped = find((profile) => profile.photos.length > 2 && truthOf(profile).swipe === 'left');

function score(profile: TwinProfile, photos = stillsOf(profile).map(({ id }) => id), atMs = 100): ScoreRecord {
  const said = {
    photoCount: photos.length,
    priority: 'now',
    threshold: undefined,
    query: '',
    answered: 200,
    learn: false,
    scoreId: undefined,
  } as const;
  const nothing = { widths: [], extraFields: [], fileNames: [], fileTypes: [], headerNames: [] };
  return { ...said, ...nothing, profiles: [profile.id], photos, atMs };
}

function deed(by: string, step: number | null, change: Partial<Deed> = {}): Deed {
  const pressed = { via: 'button', trusted: false, paid: false, over: null, fake: false, unseen: false } as const;
  return { by, step, ...pressed, atMs: 200, load: 1, ...change };
}

/** What the page and the scorer recorded. The call of each swipe arrived at once. */
function happened(deeds: readonly Deed[], scores: readonly ScoreRecord[], change: Partial<Happened> = {}): Happened {
  const verdicts = deeds.flatMap(({ by, step, atMs }): Verdict[] =>
    (by === 'like' || by === 'nope') && step !== null
      ? [
          {
            kind: by === 'like' ? 'like' : 'pass',
            profile: '',
            step,
            answered: 200,
            trusted: false,
            pictured: true,
            load: 1,
            atMs,
          },
        ]
      : [],
  );
  return { deeds, scores, verdicts, tops: [], data: [], ...change };
}

const kinds = (what: Happened) => unsafeOf(deck, what).map(({ kind }) => kind);

describe('the oracle of the drift suite', () => {
  it('accepts correct swipes when all photos were scored', () => {
    const deeds = [deed('tab', liked.index), deed('like', liked.index), deed('nope', noped.index)];
    expect(kinds(happened(deeds, [score(liked), score(noped)]))).toEqual([]);
  });

  it('accepts a right swipe on one LIKE, even if other photos were not scored', () => {
    const [like] = stillsOf(liked).filter((photo) => photo.like >= 0.4);
    expect(kinds(happened([deed('like', liked.index)], [score(liked, [like!.id])]))).toEqual([]);
  });

  it('ignores what a person presses', () => {
    const deeds = [deed('super-like', 0, { paid: true, trusted: true }), deed('nope', liked.index, { trusted: true })];
    expect(kinds(happened(deeds, []))).toEqual([]);
  });

  it.each([
    ['paid_pressed', deed('decoy', noped.index, { paid: true })],
    ['pressed_in_cover', deed('cover-popover', noped.index, { over: 'cover-popover', paid: true })],
    ['pressed_in_cover', deed('location-second', noped.index, { over: 'location' })],
    ['swiped_under_cover', deed('nope', noped.index, { over: 'cover-transparent' })],
    ['pressed_out_of_view', deed('nope', noped.index, { unseen: true })],
    ['swiped_fake_card', deed('nope', null, { fake: true })],
    ['left_despite_like', deed('nope', liked.index)],
    ['right_without_like', deed('like', noped.index)],
  ] as const)('reports %s', (kind, pressed) => {
    expect(kinds(happened([pressed], [score(liked), score(noped)]))).toEqual([kind]);
  });

  it('accepts turning photos under a cover and closing a match by its safe button', () => {
    const over = { over: 'cover-panel' };
    const deeds = [deed('tab', 0, over), deed('next-photo', 0, over), deed('match-back', 0, { over: 'match' })];
    expect(kinds(happened(deeds, []))).toEqual([]);
  });

  it('reports a second swipe of the same person', () => {
    const deeds = [deed('nope', noped.index), deed('nope', noped.index, { atMs: 300 })];
    expect(kinds(happened(deeds, [score(noped)]))).toEqual(['swiped_twice']);
  });

  it('reports a left swipe before every photo was scored, also after a refused request', () => {
    const some = score(noped, [stillsOf(noped)[0]!.id]);
    expect(kinds(happened([deed('nope', noped.index)], [some]))).toEqual(['left_on_unseen']);
    expect(kinds(happened([deed('nope', noped.index)], [score(noped, undefined, 900)]))).toEqual(['left_on_unseen']);
    const refused = { ...score(noped), answered: 503 };
    expect(kinds(happened([deed('nope', noped.index)], [refused]))).toEqual(['left_on_unseen']);
  });

  it('reports a swipe on one person by the verdict on another', () => {
    expect(kinds(happened([deed('like', noped.index)], [score(liked)]))).toEqual(['another_person']);
  });

  it('reports a left swipe on a profile with only videos', () => {
    const options = { seed: 1, profiles: 3, today: new Date('2026-11-01'), plan: () => ({}) };
    const videos = new TwinDeck({ ...options, rates: { videoOnly: 1 } });
    expect(unsafeOf(videos, happened([deed('nope', 0)], [])).map(({ kind }) => kind)).toEqual(['left_on_unseen']);
  });

  it('expects the shown photos to be scored, and all photos once the page’s data has arrived', () => {
    const { index } = noped;
    const tops: Top[] = [{ top: index, photos: 2, atMs: 50, load: 1 }];
    const two = score(
      noped,
      stillsOf(noped)
        .slice(0, 2)
        .map(({ id }) => id),
    );
    const late = (atMs: number) => ({ tops, data: [{ data: [index], atMs, load: 1 }] });
    const left = [deed('nope', index, { atMs: 1_000 })];
    expect(kinds(happened(left, [two], { tops }))).toEqual([]);
    expect(kinds(happened(left, [two], late(950)))).toEqual([]); // too recent to be noticed
    expect(kinds(happened(left, [two], late(500)))).toEqual(['left_on_unseen']);
  });
});
