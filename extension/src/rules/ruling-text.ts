import { formatNumber, type Translate } from '../texts.ts';
import type { Outcome, RuleName, Ruling } from './rules.ts';

/** What each rule looks at. */
const LOOKS_AT = {
  minAge: 'age',
  maxAge: 'age',
  maxDistance: 'distance',
  minPhotos: 'photos',
  mustHave: 'bio',
  mustNotHave: 'bio',
  verifiedOnly: 'verified',
} as const satisfies Record<RuleName, string>;

/** Returns what a rule decided and why: `Left: 52 km is over your 30 km`. */
export function rulingText(ruling: Ruling, translate: Translate): string {
  return translate(`ruled_${ruling.swipe}`, becauseText(ruling, translate));
}

/** Returns why a rule decided so: `52 km is over your 30 km`. */
export function becauseText({ rule, values }: Pick<Ruling, 'rule' | 'values'>, translate: Translate): string {
  if (!values) return translate(`rule_unknown_${LOOKS_AT[rule]}`);
  const shown = rule === 'maxDistance' ? values.map((value) => distanceText(value, translate)) : values;
  return translate(`rule_${rule}`, ...shown);
}

/** Formats `52 km`, as rules name distances, in the language of the texts. */
function distanceText(distance: string, translate: Translate): string {
  const unit = distance.endsWith('mi') ? 'mile' : 'kilometer';
  return formatNumber(Number.parseInt(distance, 10), { style: 'unit', unit }, translate);
}

/** Returns how a profile fares under a rule. */
export function outcomeText(rule: RuleName, outcome: Outcome, translate: Translate): string {
  if (outcome === 'off' || outcome === 'passed') return translate(`rule_${outcome}`);
  return becauseText({ rule, values: outcome === 'unknown' ? null : [...outcome] }, translate);
}
