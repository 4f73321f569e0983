import { seedOf } from '@swipenet/shared/random.ts';
import { type BioWord, bioWords } from './bio-features.ts';
import { fitLogistic, type SparseRows } from './logistic.ts';

/** A bio that the person has swiped. */
export interface LabeledBio {
  /** Its distinct features, ascending, see {@link bioFeatures}. */
  readonly features: readonly number[];
  readonly isLiked: boolean;
}

/** What was learned from labeled bios. */
export interface WordsModel {
  /** The weight of each feature, in logits. */
  readonly weights: ReadonlyMap<number, number>;
  readonly intercept: number;
  /** How many of the bios have each feature. */
  readonly counts: ReadonlyMap<number, number>;
}

/** A word of a bio and what it adds to the logit of a like. */
export interface WordReason {
  readonly word: string;
  readonly weight: number;
}

/** A feature of a single bio says nothing about others. */
const MIN_BIOS = 2;

/** A word must be in this many labeled bios to be named. Names and handles hardly ever are. */
const MIN_BIOS_NAMED = 3;

/** How many words a verdict names, and how much the weakest of them must add, in logits. */
const MAX_REASONS = 4;
const MIN_WEIGHT = 0.1;

/** Longer words are never named, in UTF-16 units. */
const MAX_NAMED = 60;

/** What each feature's counts start with. */
const SMOOTHING = 1;

/** Weight of the squared weights, for rows whose mean squared length is 1. */
const PENALTY = 2;

/**
 * Learns which words the person likes: a logistic regression on features that are scaled by their naive Bayes log-count
 * ratio (Wang & Manning 2012, "Baselines and bigrams", without the interpolation, as logistic regression needs none).
 * The rows are scaled together to a mean squared length of 1, so that a word has the same weight in every bio.
 */
export function learnWords(bios: readonly LabeledBio[]): WordsModel {
  return withBios(bios)(() => true);
}

/** Prepares bios, and returns a function that learns from those whose place it accepts. */
function withBios(bios: readonly LabeledBio[]): (isIn: (place: number) => boolean) => WordsModel {
  const counts = new Map<number, number>();
  for (const { features } of bios) for (const feature of features) counts.set(feature, (counts.get(feature) ?? 0) + 1);
  for (const [feature, count] of counts) if (count < MIN_BIOS) counts.delete(feature);
  const columnOf = new Map([...counts.keys()].map((feature, column) => [feature, column]));
  const columns = bios.map(({ features }) =>
    Int32Array.from(features.flatMap((feature) => columnOf.get(feature) ?? [])),
  );
  return (isIn) => {
    const places = bios.flatMap((_, place) => (isIn(place) ? [place] : []));
    const labels = places.map((place) => bios[place]!.isLiked);
    const chosen = places.map((place) => columns[place]!);
    const ratios = logCountRatios(chosen, labels, columnOf.size);
    const { rows, scale } = scaledRows(chosen, ratios);
    const { weights, intercept } = fitLogistic({ rows, labels, penalty: PENALTY });
    const ofFeature = [...columnOf].map(
      ([feature, column]) => [feature, weights[column]! * ratios[column]! * scale] as const,
    );
    return { weights: new Map(ofFeature), intercept, counts };
  };
}

/** Returns the logarithm of how much more often each column is in liked than in passed bios. `[width]`. */
function logCountRatios(columns: readonly Int32Array[], labels: readonly boolean[], width: number): Float64Array {
  const liked = new Float64Array(width).fill(SMOOTHING);
  const passed = new Float64Array(width).fill(SMOOTHING);
  for (const [row, of] of columns.entries()) for (const column of of) (labels[row] ? liked : passed)[column]! += 1;
  const total = (sums: Float64Array) => sums.reduce((sum, value) => sum + value, 0);
  const shift = Math.log(total(passed) / total(liked));
  return liked.map((count, column) => Math.log(count / passed[column]!) + shift);
}

/** Returns rows with the columns' ratios as values, times a scale that makes their mean squared length 1. */
function scaledRows(chosen: readonly Int32Array[], ratios: Float64Array): { rows: SparseRows; scale: number } {
  const starts = new Int32Array(chosen.length + 1);
  for (const [row, { length }] of chosen.entries()) starts[row + 1] = starts[row]! + length;
  const columns = new Int32Array(starts[chosen.length]!);
  for (const [row, of] of chosen.entries()) columns.set(of, starts[row]);
  let square = 0;
  for (const column of columns) square += ratios[column]! ** 2;
  const scale = square > 0 ? Math.sqrt(chosen.length / square) : 0;
  const values = new Float64Array(columns.length);
  for (let at = 0; at < values.length; at += 1) values[at] = ratios[columns[at]!]! * scale;
  return { rows: { starts, columns, values, width: ratios.length }, scale };
}

/** How many parts the bios are divided into to test what was learned on bios that it wasn't learned from. */
export const FOLDS = 5;

/** Returns which fold each bio is in. Equal bios are in the same one, so that none is tested after it was learned. */
export function foldsOf(bios: readonly Pick<LabeledBio, 'features'>[]): number[] {
  return bios.map(({ features }) => seedOf(...features) % FOLDS);
}

/** Returns the logit of each bio, learned from the bios of all other folds. */
export function heldOutLogits(bios: readonly LabeledBio[], folds: readonly number[]): number[] {
  const learn = withBios(bios);
  const models = Array.from({ length: FOLDS }, (_, fold) => learn((place) => folds[place] !== fold));
  return bios.map(({ features }, place) => wordsLogit(models[folds[place]!]!, features));
}

/** Returns the logit of a like that a bio's features give. */
export function wordsLogit({ weights, intercept }: WordsModel, features: readonly number[]): number {
  return features.reduce((sum, feature) => sum + (weights.get(feature) ?? 0), intercept);
}

/**
 * Returns what each distinct word of a bio adds to its logit. The sum of all is the logit without its intercept: a feature
 * that several words bring in is divided among them.
 */
export function wordWeights(model: WordsModel, words: readonly BioWord[]): WordReason[] {
  const owners = new Map<number, number>();
  for (const { features } of words) for (const feature of features) owners.set(feature, (owners.get(feature) ?? 0) + 1);
  const sums = new Map<string, number>();
  for (const { word, features } of words) {
    const added = features.reduce((sum, feature) => sum + (model.weights.get(feature) ?? 0) / owners.get(feature)!, 0);
    sums.set(word, (sums.get(word) ?? 0) + added);
  }
  return [...sums].map(([word, weight]) => ({ word, weight }));
}

/**
 * Returns the words of a bio that decide most, strongest first. Only words that several labeled bios have are named.
 *
 * @param share multiplies the weights: how much of the words' logit counts.
 */
export function wordReasons(model: WordsModel, bio: string, seed: number, share: number): WordReason[] {
  const words = bioWords(bio, seed);
  const named = new Set(
    words.filter(({ feature }) => (model.counts.get(feature) ?? 0) >= MIN_BIOS_NAMED).map(({ word }) => word),
  );
  return wordWeights(model, words)
    .filter(({ word }) => named.has(word))
    .map(({ word, weight }) => ({ word: word.toLowerCase(), weight: share * weight }))
    .filter(({ word, weight }) => word.length <= MAX_NAMED && Math.abs(weight) >= MIN_WEIGHT)
    .toSorted((one, other) => Math.abs(other.weight) - Math.abs(one.weight))
    .slice(0, MAX_REASONS);
}
