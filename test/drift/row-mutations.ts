import { pick, type Random } from '@swipenet/shared/random.ts';
import { type AddedButton, type Drift, PARTS, type Takeover } from '../twins/tinder/drift.ts';

/** The parts of the row of buttons. */
export const ROW_PARTS: readonly string[] = ['wrapper', 'like', 'nope', 'paid', 'counter'];

/** Every part of the page with each attribute that it can lose. */
export const PART_ATTRIBUTES: readonly (readonly [part: string, name: string])[] = Object.entries(PARTS).flatMap(
  ([part, names]) => names.map((name) => [part, name] as const),
);

/** Picks one item of a list that isn't empty. */
export function oneOf<Item>(random: Random, items: readonly Item[]): Item {
  return pick(random, items as [Item, ...Item[]]);
}

/** The cues for Like: the word in its class, its name, its size, and no counter. */
const CUES = ['sparks', 'name', 'size', 'counter'] as const;

/**
 * Draws which of Like's cues a paid button copies. At least one cue stays honest, because no program can tell a perfect copy
 * from Like. If the page isn't English, a cue other than the name stays honest.
 */
function borrowed(random: Random, english: boolean): Record<(typeof CUES)[number], boolean> {
  const honest = pick(random, english ? CUES : (['sparks', 'size', 'counter'] as const));
  const has = (cue: (typeof CUES)[number]) => cue !== honest && random() < 0.6;
  return { sparks: has('sparks'), name: has('name'), size: has('size'), counter: has('counter') };
}

/** Adds one or two paid buttons to the row. */
export function addedButton(random: Random, english: boolean): AddedButton[] {
  const count = random() < 0.8 ? 1 : 2;
  return Array.from({ length: count }, () => {
    const { sparks, name, size, counter } = borrowed(random, english);
    return {
      kind: 'add-button',
      at: pick(random, ['first', 'last', 'before-like', 'after-like', 'before-nope']),
      sparks: sparks ? 'like' : pick(random, ['like-plus', 'like-v2', 'likes', 'super-like', 'boost', 'liked']),
      label: name ? 'like' : pick(random, ['superLike', 'boost', 'firstImpressions', 'Like+', '']),
      size: size ? 'large' : pick(random, ['small', 'small', 'middle']),
      remaining: counter ? null : pick(random, [0, 1, 3, 12]),
      secondIcon: random() < 0.5,
    };
  });
}

/** Gives a paid button the cues of Like. */
export function takeover(random: Random, english: boolean): Takeover {
  const like = random() < 0.5 ? null : { sparks: pick(random, ['heart', 'like-v2', 'super-like', 'love']) };
  const by = pick(random, ['super-like', 'first-impression', 'rewind'] as const);
  const has = borrowed(random, english);
  // Rewind has no counter that could stay, so it keeps its size.
  return { kind: 'paid-takes-over', by, ...has, ...(by === 'rewind' && { size: false }), like };
}

/** Changes something else about the row. */
export function rowChange(random: Random, english: boolean): Drift {
  const [part, name] = oneOf(
    random,
    PART_ATTRIBUTES.filter(([one]) => ROW_PARTS.includes(one)),
  );
  const changes: Drift[] = [
    { kind: 'drop-attribute', part, name },
    { kind: 'sizes', sizes: pick(random, ['swapped', 'same']) },
    { kind: 'counter', by: pick(random, ['super-like', 'first-impression']), remaining: null },
    { kind: 'counter', by: pick(random, ['like', 'nope']), remaining: pick(random, [0, 7, 50]) },
    { kind: 'sparks', by: pick(random, ['like', 'nope']), sparks: pick(random, ['like-v2', 'heart', 'nah', 'pass']) },
    { kind: 'no-names' },
    { kind: 'disabled', by: pick(random, ['like', 'nope']), attribute: pick(random, ['disabled', 'aria-disabled']) },
  ];
  if (english) {
    changes.push(
      { kind: 'sparks', by: 'like', sparks: 'nope' },
      { kind: 'sparks', by: 'nope', sparks: 'like' },
      {
        kind: 'button-name',
        by: pick(random, ['like', 'nope']),
        label: pick(random, ['Love', 'Pass', 'superLike', '']),
      },
    );
  }
  return oneOf(random, changes);
}
