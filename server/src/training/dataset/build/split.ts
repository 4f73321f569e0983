import { LABELS, type Label } from '@swipenet/shared/confidence.ts';
import { seededRandom, shuffled } from '@swipenet/shared/random.ts';
import { CommandError } from '../../../command-error.ts';
import { PARTS, type Part } from '../dataset-format.ts';

/** Percent of the photos that validate (the article's). */
const VALIDATION_PERCENT = 15;

/** What a split looks at of a photo. */
export interface SplitPhoto {
  readonly label: Label;
  readonly profile: number;
}

/** Two photos, by their numbers, one of which was made from the other. */
export interface Together {
  readonly nope: number;
  readonly like: number;
}

/** How a data set is split. */
export interface SplitOptions {
  readonly seed: number;
  /** Percent of the photos for the third part; 0 for none. */
  readonly testPercent: number;
  /** Pairs whose profiles must be in one part. */
  readonly together: readonly Together[];
}

/** What is never split: a profile, or profiles that belong together. */
interface Unit {
  readonly profiles: Set<number>;
  readonly photos: Record<Label, number>;
}

/**
 * Splits profiles by a seed into parts: 15 % of each label's photos validate, `testPercent` % test, the rest train. A
 * profile is in one part, so shares are met as nearly as whole profiles allow.
 *
 * @returns the part of every profile that has photos.
 * @throws CommandError `dataset_too_small` where a part that is needed would have no photo of a label.
 */
export function splitProfiles(photos: readonly SplitPhoto[], options: SplitOptions): Map<number, Part> {
  const { seed, testPercent, together } = options;
  const totals = countByLabel(photos);
  let free = shuffled(seededRandom(seed), unitsOf(photos, together));
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
  checkParts(photos, parts, needed, together.length > 0);
  return parts;
}

/**
 * Takes units as they come, each that brings the part nearer to its target, then the smallest of a label that is still
 * missing. Of each label a unit is left for every part that comes after.
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

/** Profiles, those that belong together joined, in the order of their first photos (union-find). */
function unitsOf(photos: readonly SplitPhoto[], together: readonly Together[]): Unit[] {
  const parent = new Map<number, number>();
  const rootOf = (profile: number): number => {
    let root = profile;
    for (let up = parent.get(root); up !== undefined; up = parent.get(root)) root = up;
    if (root !== profile) parent.set(profile, root); // the next way up is short
    return root;
  };
  for (const { nope, like } of together) {
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

function checkParts(
  photos: readonly SplitPhoto[],
  parts: ReadonlyMap<number, Part>,
  needed: readonly Part[],
  joined: boolean,
): void {
  const there = new Set(photos.map(({ label, profile }) => `${label} ${parts.get(profile)}`));
  const lacking = LABELS.filter((label) => needed.some((part) => !there.has(`${label} ${part}`)));
  if (lacking.length === 0) return;
  const found = lacking.map((label) => {
    const profiles = new Set(photos.filter((photo) => photo.label === label).map(({ profile }) => profile)).size;
    return `${profiles} usable ${profiles === 1 ? 'profile' : 'profiles'} of ${label}`;
  });
  const needs = `each label needs ${needed.length} at least, one for each of ${needed.join(', ')}`;
  const what = 'each folder in a label’s folder is one profile, a loose photo is one, too';
  const pairs = joined ? '; profiles with a pair in common (--pairs) count as one' : '';
  const message = `too few profiles: found ${found.join(' and ')}; ${needs}; ${what}${pairs}`;
  throw new CommandError('dataset_too_small', message);
}
