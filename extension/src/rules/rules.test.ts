import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inEnglish as translate } from '../../../test/support/fake-texts.ts';
import { tryParse } from '../parse.ts';
import type { ProfileFacts } from '../sites/site-adapter.ts';
import { DEFAULT_RULES, outcomes, parseRules, parseRuling, RULE_NAMES, type Rules, rulingOf } from './rules.ts';
import { outcomeText, rulingText } from './ruling-text.ts';

/** The rules with some of them changed and turned on. */
function withRules(change: { [Name in keyof Rules]?: Partial<Rules[Name]> }): Rules {
  const changed = Object.entries(change).map(([name, part]) => {
    const before = DEFAULT_RULES[name as keyof Rules];
    return [name, typeof before === 'object' ? { ...before, on: true, ...(part as object) } : part];
  });
  return { ...DEFAULT_RULES, ...Object.fromEntries(changed) };
}

const FACTS: ProfileFacts = { age: 30, distanceKm: 12, photoCount: 4, bio: 'Tea and maps.', isVerified: true };

const sentence = (rules: Rules, facts: ProfileFacts) => {
  const ruling = rulingOf(rules, { ...FACTS, ...facts });
  return ruling && rulingText(ruling, translate);
};

describe('a rule says why in a sentence:', () => {
  it.each<[string, Parameters<typeof withRules>[0], ProfileFacts]>([
    ['Left: 24 is under your minimum age of 28', { minAge: { value: 28 } }, { age: 24 }],
    ['Held: 41 is over your maximum age of 40', { maxAge: { value: 40, action: 'hold' } }, { age: 41 }],
    ['Left: 52 km is over your 30 km', { maxDistance: { value: 30 } }, { distanceKm: 52 }],
    ['Left: 32 mi is over your 30 mi', { maxDistance: { value: 30 }, unit: 'mi' }, { distanceKm: 51.5 }],
    ['Left: 2 photos are under your minimum of 3', { minPhotos: { value: 3 } }, { photoCount: 2 }],
    ['Left: the bio has none of your required words', { mustHave: { value: ['boats'] } }, {}],
    ['Left: the bio has none of your required words', { mustHave: { value: ['boats'] } }, { bio: '' }],
    ['Left: the bio has your excluded word “TEA”', { mustNotHave: { value: ['goat', 'TEA'] } }, {}],
    ["Left: this profile isn't verified", { verifiedOnly: {} }, { isVerified: false }],
  ])('%s', (said, change, facts) => {
    expect(sentence(withRules(change), facts)).toBe(said);
  });

  it.each<[Parameters<typeof withRules>[0], ProfileFacts]>([
    [{ minAge: { value: 28 } }, { age: 28 }],
    [{ maxAge: { value: 40 } }, { age: 40 }],
    [{ maxDistance: { value: 30 } }, { distanceKm: 30.4 }], // shown as 30 km
    [{ maxDistance: { value: 30 }, unit: 'mi' }, { distanceKm: 30 * 1.609344 }],
    [{ minPhotos: { value: 3 } }, { photoCount: 3 }],
    [{ mustHave: { value: ['boats', 'maps'] } }, {}],
    [{ mustNotHave: { value: ['map'] } }, {}],
    [{ verifiedOnly: {} }, {}],
    [{ mustHave: { value: [] }, mustNotHave: { value: [] } }, { bio: '' }], // a list without words asks for nothing
  ])('none if a profile passes: %j %j', (change, facts) => {
    expect(sentence(withRules(change), facts)).toBeUndefined();
  });
});

describe('what the page doesn’t show', () => {
  const hidden = {} as ProfileFacts;
  const all = { minAge: {}, maxAge: {}, maxDistance: {}, minPhotos: {}, verifiedOnly: {} };
  const words = { mustHave: { value: ['tea'] }, mustNotHave: { value: ['tea'] } };

  it.each(RULE_NAMES)('holds a profile under the rule %s, or is ignored', (name) => {
    const on = { ...withRules({ ...all, ...words }) };
    const alone = { ...DEFAULT_RULES, [name]: on[name] };
    expect(rulingOf(alone, hidden)).toEqual({ rule: name, swipe: 'hold', values: null });
    expect(rulingOf({ ...alone, [name]: { ...on[name], unknown: 'ignore' } }, hidden)).toBeUndefined();
  });

  it('is said in a sentence', () => {
    const ruling = rulingOf(withRules({ maxDistance: {} }), hidden)!;
    expect(rulingText(ruling, translate)).toBe("Held: the page doesn't show the distance");
  });
});

describe('of several rules', () => {
  it('one that holds comes before one that swipes left, which comes before what the page doesn’t show', () => {
    const rules = withRules({ maxDistance: { value: 30 }, minAge: { value: 40, action: 'hold' }, verifiedOnly: {} });
    const { isVerified, ...facts } = { ...FACTS, distanceKm: 52 };
    expect(rulingOf(rules, facts)?.rule).toBe('minAge');
    expect(rulingOf(rules, { ...facts, age: 45 })?.rule).toBe('maxDistance');
    expect(rulingOf(rules, { ...facts, age: 45, distanceKm: 5 })?.rule).toBe('verifiedOnly');
  });
});

const facts = fc.record(
  {
    age: fc.integer({ min: 18, max: 99 }),
    distanceKm: fc.double({ min: 0, max: 500, noNaN: true }),
    photoCount: fc.integer({ min: 1, max: 9 }),
    bio: fc.string(),
    isVerified: fc.boolean(),
  },
  { requiredKeys: [] },
);

it('decides nothing as long as every rule is off', () => {
  fc.assert(fc.property(facts, (some) => rulingOf(DEFAULT_RULES, some as ProfileFacts) === undefined));
});

it('never swipes left because of what the page doesn’t show', () => {
  const rules = withRules({
    ...{ minAge: { value: 30 }, maxAge: { value: 40 }, maxDistance: { value: 30 }, minPhotos: { value: 3 } },
    ...{ mustHave: { value: ['a'] }, mustNotHave: { value: ['b'] }, verifiedOnly: {} },
  });
  fc.assert(
    fc.property(facts, (some) => {
      const ruling = rulingOf(rules, some as ProfileFacts);
      if (ruling?.swipe === 'left') expect(outcomes(rules, some as ProfileFacts)[ruling.rule]).not.toBe('unknown');
    }),
  );
});

it('decides what its parser accepts, and its default settings are valid', () => {
  const rules = withRules({ minAge: { value: 50 }, mustHave: { value: ['tea'] }, verifiedOnly: {} });
  fc.assert(
    fc.property(facts, (some) => {
      const ruling = rulingOf(rules, some as ProfileFacts);
      if (ruling) expect(parseRuling(ruling)).toEqual(ruling);
    }),
  );
  expect(parseRules(DEFAULT_RULES)).toEqual(DEFAULT_RULES);
  expect(tryParse(parseRules, withRules({ minAge: { value: 12 } }))).toBeUndefined();
  expect(tryParse(parseRules, withRules({ mustHave: { value: [''] } }))).toBeUndefined();
});

it('has a text for each rule and outcome', () => {
  for (const rule of RULE_NAMES) {
    for (const outcome of ['off', 'passed', 'unknown', ['1', '2']] as const) {
      expect(outcomeText(rule, outcome, translate)).toMatch(/^[\w“].+/);
    }
  }
});
