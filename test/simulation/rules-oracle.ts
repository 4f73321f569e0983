import { DEFAULT_RULES, type Rules } from '../../extension/src/rules/rules.ts';
import type { TwinProfile } from '../twins/tinder/profiles.ts';

/** Rules of every kind of outcome, under which about half of the twin's profiles are decided. */
export const PLAYED_RULES: Rules = {
  ...DEFAULT_RULES,
  minAge: { on: true, value: 22, action: 'hold', unknown: 'hold' },
  maxDistance: { on: true, value: 30, action: 'left', unknown: 'hold' },
  minPhotos: { on: true, value: 2, action: 'left', unknown: 'hold' },
  mustNotHave: { on: true, value: ['Chess player', 'basque'], action: 'left', unknown: 'hold' },
  unit: 'mi',
};

/**
 * What {@link PLAYED_RULES} say of a profile when everything is known, in words of its own: undefined where the photos
 * decide. What isn't known can only add holds.
 */
export function ruledOf({ age, distance, photos, bio }: TwinProfile): 'left' | 'hold' | undefined {
  if (age < 22) return 'hold';
  return distance > 30 || photos.length < 2 || /\bchess player\b|\bbasque\b/i.test(bio) ? 'left' : undefined;
}
