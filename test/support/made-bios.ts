import { between, pick, type Random, seededRandom, seedOf } from '@swipenet/shared/random.ts';

/** A made-up swipe of a profile with a bio. */
export interface MadeSwipe {
  readonly bio: string;
  /** The logit of a like by the photos, as the server gives it. */
  readonly photos: number;
  readonly isLiked: boolean;
}

/** What people write about, in several languages, more popular topics first. */
const TOPICS = `
  travel coffee music dogs food hiking movies astrology climbing books gym wine yoga cats photography running
  cooking festivals tattoos gaming горы кофе путешествия йога قهوة سفر 登山 旅行 料理 🧗 ☕ 🐕 ✈️ surfing theater politics
  crossfit baking gardening chess
`
  .trim()
  .split(/\s+/);

/** What a person with a taste in words likes and dislikes, in logits. */
const TASTE: Readonly<Record<string, number>> = {
  climbing: 2.2,
  hiking: 1.4,
  books: 1.2,
  '🧗': 2.2,
  горы: 1.6,
  登山: 1.6,
  astrology: -2.2,
  gym: -1.4,
  crossfit: -1.8,
  festivals: -1.2,
};

const FRAMES = [
  'I love _.',
  'Always up for _',
  'my life: _',
  'Mostly _ these days',
  'ask me about _!',
  '_ and more _',
  '_',
  'fan of _',
];

/** Returns a word made of syllables. The same index gives the same word. */
function madeWord(index: number): string {
  const random = seededRandom(seedOf(index, 17));
  const syllables = ['ka', 'lo', 'mi', 'ren', 'sto', 'vu', 'ta', 'pel', 'dor', 'ni', 'sha', 'bru'] as const;
  return Array.from({ length: 1 + Math.floor(random() * 3) }, () => pick(random, syllables)).join('');
}

/** Returns an index below `count`, smaller ones more often (Zipf, roughly). */
const zipf = (random: Random, count: number) => Math.floor(count ** random()) - 1;

export interface MadeTaste {
  /** How strongly the bio's words decide. 0 for not at all. */
  readonly words: number;
  /** How strongly the photos' logit decides. 1 if the server is calibrated. */
  readonly photos: number;
}

/** Makes swipes of a person whose taste is known. About a third are likes. */
export function madeSwipes(seed: number, count: number, taste: MadeTaste): MadeSwipe[] {
  const random = seededRandom(seedOf(seed, 23));
  return Array.from({ length: count }, () => {
    const topics = new Set(
      Array.from({ length: 1 + Math.floor(random() * 5) }, () => TOPICS[zipf(random, TOPICS.length)]!),
    );
    const parts = [...topics].map((topic) =>
      pick(random, FRAMES as never as [string, ...string[]]).replaceAll('_', topic),
    );
    const filler = Array.from({ length: Math.floor(between(random, 2, 25)) }, () => madeWord(zipf(random, 2_000)));
    const photos = between(random, -2.5, 1.5) + between(random, -1, 1);
    const effect = [...topics].reduce((sum, topic) => sum + (TASTE[topic] ?? 0), 0);
    const logit = taste.photos * photos + taste.words * effect + (taste.photos - 1) * 0.7;
    return { bio: `${parts.join(' ')} ${filler.join(' ')}`, photos, isLiked: random() < 1 / (1 + Math.exp(-logit)) };
  });
}
