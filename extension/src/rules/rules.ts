import { array, boolean, int, nullable, object, oneOf, type Parsed, string } from '../parse.ts';
import type { ProfileFacts } from '../sites/site-adapter.ts';
import { firstWordIn } from './words.ts';

/** The kinds of rules, in the order in which they are looked at. A test checks that each has its texts. */
export const RULE_NAMES = [
  'minAge',
  'maxAge',
  'maxDistance',
  'minPhotos',
  'mustHave',
  'mustNotHave',
  'verifiedOnly',
] as const;

export type RuleName = (typeof RULE_NAMES)[number];

/** The ranges of the numbers in rules. */
export const RULE_RANGES = {
  minAge: { min: 18, max: 120 },
  maxAge: { min: 18, max: 120 },
  maxDistance: { min: 1, max: 1_000 },
  minPhotos: { min: 2, max: 20 },
} as const satisfies Partial<Record<RuleName, { min: number; max: number }>>;

/** The limits of a rule's list of words. */
export const MAX_WORDS = 200;
export const MAX_WORD_LENGTH = 60;

/** The units in which a person sets the maximum distance. */
export const DISTANCE_UNITS = ['km', 'mi'] as const;

const KM_PER_UNIT = { km: 1, mi: 1.609344 } as const;

const RULE = { on: boolean, action: oneOf(['left', 'hold']), unknown: oneOf(['ignore', 'hold']) } as const;

const numberRule = (name: keyof typeof RULE_RANGES) => {
  const { min, max } = RULE_RANGES[name];
  return object({ ...RULE, value: int(min, max) });
};

const wordRule = object({ ...RULE, value: array(string(1, MAX_WORD_LENGTH), MAX_WORDS) });

/**
 * What the person has set about rules. Each has what becomes of a profile that fails it (`action`), and of one if the page
 * doesn't show what the rule looks at (`unknown`). What a rule asks for is kept while it is off.
 */
export const parseRules = object({
  minAge: numberRule('minAge'),
  maxAge: numberRule('maxAge'),
  /** In `unit`. */
  maxDistance: numberRule('maxDistance'),
  /** Photos and videos. */
  minPhotos: numberRule('minPhotos'),
  /** At least one of these must appear in the bio. */
  mustHave: wordRule,
  /** None of these may appear in the bio. */
  mustNotHave: wordRule,
  verifiedOnly: object(RULE),
  unit: oneOf(DISTANCE_UNITS),
  /** Whether a profile that was swiped in the last 90 days is held. */
  holdsSeen: boolean,
});

export type Rules = Parsed<typeof parseRules>;

const OFF = { on: false, action: 'left', unknown: 'hold' } as const;

/** No rules, except that no profile is swiped twice. */
export const DEFAULT_RULES: Rules = {
  minAge: { ...OFF, value: 18 },
  maxAge: { ...OFF, value: 99 },
  maxDistance: { ...OFF, value: 50 },
  minPhotos: { ...OFF, value: 3 },
  mustHave: { ...OFF, value: [] },
  mustNotHave: { ...OFF, value: [] },
  verifiedOnly: OFF,
  unit: 'km',
  holdsSeen: true,
};

/**
 * What a rule decided about a profile. `values` fill in the rule's text: what the profile has and what the rule asks for.
 * They are absent if the page doesn't show what the rule looks at.
 */
export const parseRuling = object({
  rule: oneOf(RULE_NAMES),
  swipe: oneOf(['left', 'hold']),
  values: nullable(array(string(0, MAX_WORD_LENGTH), 2)),
});

export type Ruling = Parsed<typeof parseRuling>;

/** How a profile fares under one rule: the values that fail it, or why it doesn't fail. */
export type Outcome = 'off' | 'passed' | 'unknown' | readonly string[];

/** Returns how a profile with these facts fares under each rule. */
export function outcomes(rules: Rules, facts: ProfileFacts): Record<RuleName, Outcome> {
  const { minAge, maxAge, maxDistance, minPhotos, mustHave, mustNotHave, verifiedOnly, unit } = rules;
  const { age, distanceKm, photoCount, bio, isVerified } = facts;
  // Rounded like the sites round it, so that a rule and its text agree with what the person sees.
  const distance = distanceKm === undefined ? undefined : Math.round(distanceKm / KM_PER_UNIT[unit]);
  return {
    minAge: outcome(minAge.on, age, (has) => has < minAge.value && [has, minAge.value]),
    maxAge: outcome(maxAge.on, age, (has) => has > maxAge.value && [has, maxAge.value]),
    maxDistance: outcome(
      maxDistance.on,
      distance,
      (has) => has > maxDistance.value && [`${has} ${unit}`, `${maxDistance.value} ${unit}`],
    ),
    minPhotos: outcome(minPhotos.on, photoCount, (has) => has < minPhotos.value && [has, minPhotos.value]),
    mustHave: outcome(
      mustHave.on && mustHave.value.length > 0,
      bio,
      (has) => firstWordIn(has, mustHave.value) === undefined && [],
    ),
    mustNotHave: outcome(mustNotHave.on && mustNotHave.value.length > 0, bio, (has) => {
      const found = firstWordIn(has, mustNotHave.value);
      return found !== undefined && [found];
    }),
    verifiedOnly: outcome(verifiedOnly.on, isVerified, (has) => !has && []),
  };
}

/** `failing` returns the values that fail the rule, or false. */
function outcome<Fact>(
  isOn: boolean,
  fact: Fact | undefined,
  failing: (fact: Fact) => readonly (string | number)[] | false,
): Outcome {
  if (!isOn) return 'off';
  if (fact === undefined) return 'unknown';
  const failed = failing(fact);
  return failed ? failed.map(String) : 'passed';
}

/**
 * Returns what the rules decide about a profile with these facts, or undefined if they leave it to the network. A rule
 * that holds comes before one that swipes left, because a swipe can't be undone. What the page doesn't show matters only
 * if no rule fails.
 */
export function rulingOf(rules: Rules, facts: ProfileFacts): Ruling | undefined {
  const found = Object.entries(outcomes(rules, facts)) as [RuleName, Outcome][];
  const failed = found.flatMap(([rule, values]): Ruling[] =>
    typeof values === 'string' ? [] : [{ rule, swipe: rules[rule].action, values: [...values] }],
  );
  const unknown = found.find(([rule, values]) => values === 'unknown' && rules[rule].unknown === 'hold')?.[0];
  const hidden: Ruling | undefined = unknown && { rule: unknown, swipe: 'hold', values: null };
  return failed.find(({ swipe }) => swipe === 'hold') ?? failed[0] ?? hidden;
}
