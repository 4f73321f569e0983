import type { Label } from '@swipenet/shared/confidence.ts';
import * as z from 'zod';

/** What the threshold of a profile's probability is chosen for. */
export type Target =
  | { readonly kind: 'balanced-accuracy' }
  | { readonly kind: 'precision' | 'recall' | 'like-rate'; readonly value: number };

/** The accepted forms of `--target`. */
const TARGET_FORMS = 'balanced-accuracy, precision=SHARE, recall=SHARE or like-rate=SHARE';

/** Parses `--target`: `balanced-accuracy`, or `precision=0.8`. A share is above 0 and at most 1. */
export const targetSchema = z.string().transform((text, context): Target => {
  if (text === 'balanced-accuracy') return { kind: text };
  const [, kind, share] = /^(precision|recall|like-rate)=(\d*\.?\d+)$/.exec(text) ?? [];
  const value = Number(share);
  if (kind && value > 0 && value <= 1) return { kind: kind as 'precision' | 'recall' | 'like-rate', value };
  context.addIssue(`must be ${TARGET_FORMS}, with a share above 0 and at most 1`);
  return z.NEVER;
});

/** Formats a target as `--target` accepts it. */
export const targetText = (target: Target) =>
  target.kind === 'balanced-accuracy' ? target.kind : `${target.kind}=${target.value}`;

/** A profile's probability (0 to 1) from a head that wasn't trained on it, and its label. */
export interface PredictedProfile {
  readonly label: Label;
  readonly like: number;
}

/** What happens at a threshold, in profiles. */
interface Outcome {
  readonly threshold: number;
  readonly liked: number;
  readonly likesFound: number;
  readonly nopesLiked: number;
}

/**
 * Chooses the threshold that serves a target best on profiles that the head wasn't trained on.
 * - `balanced-accuracy`: the mean of the accuracies of both labels is highest.
 * - `precision`: the most likes are found while at least this share of right swipes is a LIKE. If no threshold is that
 *   precise, the most precise one.
 * - `recall`: the highest threshold that finds at least this share of the likes.
 * - `like-rate`: the share of right swipes is closest to this one.
 *
 * Thresholds are in the middle between neighboring probabilities. Among equally good ones, the middle one is taken,
 * because the ends of such a range depend on single profiles.
 *
 * @param profiles at least one of each label.
 */
export function chooseThreshold(profiles: readonly PredictedProfile[], target: Target): number {
  const likes = profiles.filter(({ label }) => label === 'LIKE').length;
  const nopes = profiles.length - likes;
  const merit = ({ threshold, liked, likesFound, nopesLiked }: Outcome): number => {
    const precision = liked === 0 ? 0 : likesFound / liked;
    switch (target.kind) {
      case 'balanced-accuracy':
        return (likesFound / likes + (nopes - nopesLiked) / nopes) / 2;
      case 'precision':
        return precision >= target.value ? 1 + likesFound : precision;
      case 'recall':
        return likesFound >= target.value * likes ? threshold : -1;
      case 'like-rate':
        return -Math.abs(liked - target.value * profiles.length);
    }
  };
  const rated = outcomesOf(profiles).map((outcome) => ({ ...outcome, merit: merit(outcome) }));
  const best = Math.max(...rated.map(({ merit }) => merit));
  const equal = rated.filter(({ merit }) => merit === best);
  return equal[Math.floor(equal.length / 2)]!.threshold;
}

/** Lists what happens at every threshold that makes a difference, lowest first. */
function outcomesOf(profiles: readonly PredictedProfile[]): Outcome[] {
  const levels = [...new Set(profiles.map(({ like }) => like))].toSorted((a, b) => a - b);
  const thresholds = [levels[0]!, ...levels.slice(1).map((level, index) => (level + levels[index]!) / 2), 1];
  return thresholds.map((threshold) => {
    const liked = profiles.filter(({ like }) => like >= threshold);
    const likesFound = liked.filter(({ label }) => label === 'LIKE').length;
    return { threshold, liked: liked.length, likesFound, nopesLiked: liked.length - likesFound };
  });
}
