import { LABELS, type Label } from '@swipenet/shared/confidence.ts';
import { seededRandom, shuffled } from '@swipenet/shared/random.ts';
import { CommandError } from '../../../command-error.ts';
import { PARTS, type Part } from '../dataset-format.ts';

/** The size of the validation set, in percent of the photos (as in the article). */
const VALIDATION_PERCENT = 15;

/** What the split depends on. */
export interface SplitPhoto {
  readonly label: Label;
  readonly profile: number;
}

/** The numbers of two photos, one of which was made from the other. */
export interface LinkedPair {
  readonly nope: number;
  readonly like: number;
}

/** How to split a dataset. */
export interface SplitOptions {
  readonly seed: number;
  /** The size of the test set, in percent of the photos. 0 for none. */
  readonly testPercent: number;
  /** Pairs whose profiles must be in the same split. */
  readonly linked: readonly LinkedPair[];
}

/** An indivisible unit: a profile, or several linked profiles. */
interface Unit {
  readonly profiles: Set<number>;
  readonly photos: Record<Label, number>;
}

/**
 * Splits profiles with a random seed: 15% of each label's photos for validation, `testPercent`% for the test set, and
 * the rest for training. A profile is never split, so the shares are met as closely as whole profiles allow.
 *
 * @returns the split of every profile that has photos.
 * @throws CommandError `dataset_too_small` if a split would have no photos of a label.
 */
export function splitProfiles(photos: readonly SplitPhoto[], options: SplitOptions): Map<number, Part> {
  const { seed, testPercent, linked } = options;
  const totals = countByLabel(photos);
  let free = shuffled(seededRandom(seed), unitsOf(photos, linked));
  const parts = new Map<number, Part>();
  const needed: readonly Part[] = testPercent > 0 ? PARTS : ['training', 'validation'];
  const assign = (part: Part, units: Iterable<Unit>) => {
    for (const unit of units) for (const profile of unit.profiles) parts.set(profile, part);
  };
  const drawFor = (part: Part, percent: number, partsAfter: number) => {
    const target = { NOPE: (totals.NOPE * percent) / 100, LIKE: (totals.LIKE * percent) / 100 };
    const drawn = drawUnits(free, target, partsAfter);
    assign(part, drawn);
    free = free.filter((unit) => !drawn.has(unit));
  };
  if (testPercent > 0) drawFor('test', testPercent, 2);
  drawFor('validation', VALIDATION_PERCENT, 1);
  assign('training', free);
  checkParts(photos, parts, needed, linked.length > 0);
  return parts;
}

/**
 * Goes through the units in order and draws those that bring the split closer to its target. If a label is still
 * missing, draws its smallest unit. Always leaves one unit of each label for every split that comes after.
 */
function drawUnits(free: readonly Unit[], target: Record<Label, number>, partsAfter: number): Set<Unit> {
  const has = { NOPE: 0, LIKE: 0 };
  const left = { NOPE: 0, LIKE: 0 };
  for (const { photos } of free) for (const label of LABELS) left[label] += Math.sign(photos[label]);
  const drawn = new Set<Unit>();
  const error = (more?: Unit) =>
    LABELS.reduce((sum, label) => sum + Math.abs(target[label] - has[label] - (more?.photos[label] ?? 0)), 0);
  const draw = (unit: Unit) => {
    if (LABELS.some((label) => unit.photos[label] > 0 && left[label] <= partsAfter)) return;
    drawn.add(unit);
    for (const label of LABELS) {
      has[label] += unit.photos[label];
      left[label] -= Math.sign(unit.photos[label]);
    }
  };
  for (const unit of free) if (error(unit) < error()) draw(unit);
  for (const label of LABELS) {
    if (has[label] > 0) continue;
    const others = free.filter((unit) => !drawn.has(unit) && unit.photos[label] > 0);
    const [smallest] = others.toSorted((x, y) => x.photos[label] - y.photos[label]);
    if (smallest) draw(smallest);
  }
  return drawn;
}

/** Joins linked profiles (union-find). Returns the units in the order of their first photos. */
function unitsOf(photos: readonly SplitPhoto[], linked: readonly LinkedPair[]): Unit[] {
  const parent = new Map<number, number>();
  const rootOf = (profile: number): number => {
    let root = profile;
    for (let up = parent.get(root); up !== undefined; up = parent.get(root)) root = up;
    if (root !== profile) parent.set(profile, root); // shortens the next search
    return root;
  };
  for (const { nope, like } of linked) {
    const [a, b] = [rootOf(photos[nope]!.profile), rootOf(photos[like]!.profile)];
    if (a !== b) parent.set(Math.max(a, b), Math.min(a, b));
  }
  const units = new Map<number, Unit>();
  for (const { label, profile } of photos) {
    const root = rootOf(profile);
    const unit = units.get(root) ?? { profiles: new Set<number>(), photos: { NOPE: 0, LIKE: 0 } };
    units.set(root, unit);
    unit.profiles.add(profile);
    unit.photos[label] += 1;
  }
  return [...units.values()];
}

function countByLabel(photos: readonly SplitPhoto[]): Record<Label, number> {
  const totals = { NOPE: 0, LIKE: 0 };
  for (const { label } of photos) totals[label] += 1;
  return totals;
}

const inWords = new Intl.ListFormat('en');

function checkParts(
  photos: readonly SplitPhoto[],
  parts: ReadonlyMap<number, Part>,
  needed: readonly Part[],
  joined: boolean,
): void {
  const present = new Set(photos.map(({ label, profile }) => `${label} ${parts.get(profile)}`));
  const incomplete = LABELS.filter((label) => needed.some((part) => !present.has(`${label} ${part}`)));
  if (incomplete.length === 0) return;
  const found = incomplete.map((label) => {
    const profiles = new Set(photos.filter((photo) => photo.label === label).map(({ profile }) => profile)).size;
    return `${profiles} usable ${profiles === 1 ? 'profile' : 'profiles'} of ${label}`;
  });
  const needs = `Each label needs at least ${needed.length}: one each for ${inWords.format(needed)}`;
  const what = 'Each folder in a label’s folder is one profile, and so is each loose photo';
  const pairs = joined ? '. Profiles that share a pair (--pairs) count as one' : '';
  const message = `too few profiles: found ${found.join(' and ')}. ${needs}. ${what}${pairs}`;
  throw new CommandError('dataset_too_small', message);
}
