import type { TwinDeck } from './deck.ts';
import type { TwinProfile } from './profiles.ts';

/** A state of the site that facts/sites.md tells of, and the address that shows it. */
export interface TwinState {
  readonly name: string;
  /** Path and query at https://tinder.com. */
  readonly path: string;
}

const RECS = '/app/recs';
const EXPLORE = '/app/explore/night-owls';

/** Every state, each directly reachable. Those that need a particular profile are in {@link statesOfDeck}. */
export const STATES: readonly TwinState[] = [
  { name: 'recs-closed', path: RECS },
  { name: 'recs-open', path: `${RECS}?show=profile` },
  { name: 'explore-closed', path: EXPLORE },
  { name: 'explore-open', path: `${EXPLORE}?show=profile` },
  { name: 'lazy', path: `${RECS}?recs=hidden&lazyDelayMs=300` },
  { name: 'lazy-kept', path: `${RECS}?recs=hidden&lazyDelayMs=300&keepPhotos=true` },
  { name: 'boost', path: `${RECS}?show=boost` },
  { name: 'upsell', path: `${RECS}?show=upsell` },
  { name: 'match', path: `${RECS}?show=match` },
  { name: 'match-bare', path: `${RECS}?show=match-bare` },
  { name: 'add-to-home', path: `${RECS}?show=add-to-home` },
  { name: 'location', path: `${RECS}?show=location` },
  { name: 'notifications', path: `${RECS}?show=notifications` },
  { name: 'out-of-likes', path: `${RECS}?show=out-of-likes` },
  { name: 'unknown-dialog', path: `${RECS}?show=unknown` },
  { name: 'searching', path: `${RECS}?show=searching` },
  { name: 'beacon', path: `${RECS}?show=beacon` },
  { name: 'explore-exhausted', path: `${EXPLORE}?show=explore-exhausted` },
  { name: 'signed-out', path: `${RECS}?show=signed-out` },
  { name: 'challenge', path: `${RECS}?show=challenge` },
  { name: 'consent-layer', path: `${RECS}?show=consent-layer` },
  { name: 'portuguese', path: `${RECS}?lang=pt` },
  { name: 'portuguese-open', path: `${RECS}?lang=pt&show=profile` },
  { name: 'portuguese-match', path: `${RECS}?lang=pt&show=match` },
  { name: 'portuguese-upsell', path: `${RECS}?lang=pt&show=upsell` },
  { name: 'arabic', path: `${RECS}?lang=ar` },
  { name: 'arabic-open', path: `${RECS}?lang=ar&show=profile` },
  { name: 'arabic-explore-open', path: `${EXPLORE}?lang=ar&show=profile` },
  { name: 'german', path: `${RECS}?lang=de` },
  { name: 'japanese-open', path: `${RECS}?lang=ja&show=profile` },
  { name: 'thrown-card', path: `${RECS}?show=thrown&lingerMs=600000` },
];

/** The states that need a particular profile on top: each begins at the first one of a deck that is like that. */
export function statesOfDeck(deck: TwinDeck): TwinState[] {
  const at = (name: string, isLike: (profile: TwinProfile) => boolean, query = ''): TwinState => {
    for (let index = 0; ; index += 1) {
      if (isLike(deck.profile(index))) return { name, path: `${RECS}?from=${index}${query}` };
    }
  };
  return [
    at('video', ({ photos }) => photos.findIndex(({ video }) => video) > 0),
    at('video-first', ({ photos }) => photos[0]!.video),
    at('one-photo', ({ photos }) => photos.length === 1),
    at('one-photo-without-tab', ({ photos }) => photos.length === 1, '&soloTab=false'),
    at('nine-photos', ({ photos }) => photos.length === 9),
    at('older-addresses', ({ photos }) => photos.length > 2 && photos.every(({ older, video }) => older && !video)),
    at('mixed-addresses', ({ photos }) => photos.some(({ older }) => older) && !photos.every(({ older }) => older)),
    at('without-bio', ({ bio }) => bio === ''),
    at('namesakes', ({ index, name, age }) => {
      const next = deck.profile(index + 1);
      return next.name === name && next.age === age;
    }),
  ];
}
