import type { Translate } from '../texts.ts';
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
  return values ? translate(`rule_${rule}`, ...values) : translate(`rule_unknown_${LOOKS_AT[rule]}`);
}

/** Returns how a profile fares under a rule. */
export function outcomeText(rule: RuleName, outcome: Outcome, translate: Translate): string {
  if (outcome === 'off' || outcome === 'passed') return translate(`rule_${outcome}`);
  return becauseText({ rule, values: outcome === 'unknown' ? null : [...outcome] }, translate);
}
