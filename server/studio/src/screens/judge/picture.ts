import type { Label } from '@swipenet/shared/confidence.ts';
import { labelAt, lossAt } from '@swipenet/shared/ranked-scores.ts';
import type { JudgedEvaluation } from '../../evaluations/judged-evaluation.ts';
import { percent } from './words.ts';

/** A photo to show, with its confidence in words. */
export interface Picture {
  /** Its number in the dataset. */
  readonly number: number;
  readonly label: Label;
  readonly profile: number;
  /** Its LIKE confidence, or those of two models: `83.2%`, `83.2% → 12.0%`. */
  readonly words: string;
  /** Its loss in nats, unless two models are compared. */
  readonly loss?: number;
}

/** Returns a row of an evaluation as a picture. */
export function pictureAt({ scores: { photos } }: JudgedEvaluation, row: number): Picture {
  return {
    number: photos.numbers[row]!,
    label: labelAt(photos, row),
    profile: photos.profiles[row]!,
    words: percent(photos.likes[row]!),
    loss: lossAt(photos, row),
  };
}

/** Something with pictures: a photo, or a profile with its photos and a title. */
export interface Entry {
  readonly key: number;
  /** Names a profile. Photos have none. */
  readonly title?: string;
  readonly pictures: readonly Picture[];
}

/** The rows of each profile's photos, by the number of the profile. */
export type ProfileRows = ReadonlyMap<number, readonly number[]>;

/** Returns a row of an evaluation's profiles with its pictures, the most confident first. */
export function profileEntry(judged: JudgedEvaluation, rows: ProfileRows, row: number): Entry {
  const { numbers, likes } = judged.scores.profiles;
  const number = numbers[row]!;
  const pictures = rows.get(number)?.map((photo) => pictureAt(judged, photo)) ?? [];
  return { key: number, title: `Profile ${number}: ${percent(likes[row]!)}`, pictures };
}
