import { bioFeatures } from '../../extension/src/words/bio-features.ts';
import { sigmoid } from '../../extension/src/words/logistic.ts';
import { type BioSwipe, judgeBio, learnTaste } from '../../extension/src/words/words-taste.ts';
import { type MadeTaste, madeSwipes } from '../support/made-bios.ts';
import { quantile } from './measure.ts';
import type { Figure } from './report.ts';

const SEED = 7;

/** How many labeled bios people have, and at which counts false joins are looked for. */
const SIZES = [100, 200, 300, 400, 500];
const LOOKS = Array.from({ length: 21 }, (_, at) => 100 + 20 * at);

/** People whose words decide, in the made corpus of test/support/made-bios.ts. */
const WORDY: MadeTaste = { words: 1, photos: 1 };

/** People whose words say nothing. The server is calibrated for some, and overconfident for the others. */
const WORDLESS: Readonly<Record<string, MadeTaste>> = {
  calibrated: { words: 0, photos: 1 },
  overconfident: { words: 0, photos: 0.4 },
};

/** Measures what learning words costs and gains, on made people of each kind. */
export function wordsBench({ people, seed }: { readonly people: number; readonly seed: number }): Figure[] {
  const times = { read: [] as number[], learn: [] as number[], judge: [] as number[] };
  const seeds = Array.from({ length: people }, (_, at) => seed + at);
  const gains = SIZES.flatMap((size): Figure[] => {
    const learned = seeds.map((one) => {
      const made = madeSwipes(one, size, WORDY);
      const [swipes, readMs] = timed(() => readAll(made));
      const [taste, learnMs] = timed(() => learnTaste(swipes)!);
      const bio = made[0]!.bio;
      const [, judgeMs] = timed(() =>
        judgeBio({ ...taste, joins: true }, { bio, seed: SEED, like: 0.4, threshold: 0.4 }),
      );
      times.read.push(readMs / size);
      times.judge.push(judgeMs);
      if (size === SIZES.at(-1)) times.learn.push(learnMs);
      return taste;
    });
    const gain = learned.reduce((sum, { test }) => sum + test.alone - test.joined, 0) / people;
    const joined = learned.filter(({ joins }) => joins).length / people;
    return [
      {
        key: `gain${size}`,
        name: `${size} bios: held-out loss lowered by, per 1,000 bios`,
        value: 1_000 * gain,
        unit: 'nats',
      },
      { key: `joins${size}`, name: `${size} bios: people whose words join`, value: 100 * joined, unit: '%' },
    ];
  });
  const falseJoins = Object.entries(WORDLESS).flatMap(([name, taste]): Figure[] => {
    const looks = seeds.map((one) => {
      const swipes = readAll(madeSwipes(one + 10_000, LOOKS.at(-1)!, taste));
      return LOOKS.map((count) => learnTaste(swipes.slice(0, count))?.joins ?? false);
    });
    const rate = looks.flat().filter(Boolean).length / looks.flat().length;
    const ever = looks.filter((joins) => joins.includes(true)).length / people;
    return [
      {
        key: `${name}Joins`,
        name: `no preference, server ${name}: false joins per look`,
        value: 100 * rate,
        unit: '%',
      },
      { key: `${name}Ever`, name: `the same: people with any in ${LOOKS.length} looks`, value: 100 * ever, unit: '%' },
    ];
  });
  return [
    { key: 'readMs', name: 'read a bio, median', value: quantile(times.read, 0.5), unit: 'ms' },
    { key: 'learnMs', name: 'learn and test 500 bios, median', value: quantile(times.learn, 0.5), unit: 'ms' },
    { key: 'judgeMs', name: 'judge a bio, median', value: quantile(times.judge, 0.5), unit: 'ms' },
    ...gains,
    ...falseJoins,
  ];
}

function readAll(made: ReturnType<typeof madeSwipes>): BioSwipe[] {
  return made.map(({ bio, photos, isLiked }) => ({
    features: bioFeatures(bio, SEED),
    photos: sigmoid(photos),
    isLiked,
  }));
}

function timed<Result>(work: () => Result): [Result, number] {
  const begin = performance.now();
  return [work(), performance.now() - begin];
}
