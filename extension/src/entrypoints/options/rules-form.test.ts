import { expect, it } from 'vitest';
import { DEFAULT_RULES, parseRules, type RuleName, type Rules } from '../../rules/rules.ts';
import { type RuleEntries, type RuleEntry, readRules, ruleEntries } from './rules-form.ts';

const ENTRIES = ruleEntries(DEFAULT_RULES);

/** The entries of the default rules, with one rule changed. */
const typed = (rule: RuleName, change: Partial<RuleEntry>): RuleEntries => ({
  ...ENTRIES,
  rules: { ...ENTRIES.rules, [rule]: { ...ENTRIES.rules[rule], ...change } },
});
const read = (entries: RuleEntries) => readRules(entries, DEFAULT_RULES);

const SET: Rules = {
  ...DEFAULT_RULES,
  minAge: { on: true, value: 25, action: 'hold', unknown: 'ignore' },
  mustNotHave: { on: true, value: ['night owl', '🐕', 'йога'], action: 'left', unknown: 'hold' },
  verifiedOnly: { on: true, action: 'hold', unknown: 'ignore' },
  unit: 'mi',
  holdsSeen: false,
};

it.each([DEFAULT_RULES, SET])('reads back the rules that it shows, and they are valid', (rules) => {
  expect(read(ruleEntries(rules))).toEqual(rules);
  expect(parseRules(rules)).toEqual(rules);
});

it.each<[RuleName, string, string]>([
  ['minAge', '17', 'rules_number_wrong'],
  ['maxAge', '', 'rules_number_wrong'],
  ['maxDistance', '1.5', 'rules_number_wrong'],
  ['minPhotos', 'many', 'rules_number_wrong'],
  ['mustHave', '', 'rules_words_none'],
  ['mustHave', 'tea\n<3 ?\n!!!', 'rules_word_empty'],
  ['mustNotHave', 'x'.repeat(61), 'rules_word_long'],
  ['mustNotHave', Array.from({ length: 201 }, (_, at) => `w${at}`).join('\n'), 'rules_words_many'],
])('refuses a rule that is on: %s with %j', (rule, text, refusal) => {
  expect(read(typed(rule, { on: true, text }))).toMatchObject({ rule, text: refusal });
});

it('keeps what was stored of a rule that is off and invalid', () => {
  expect(read(typed('maxDistance', { text: '0' }))).toEqual(DEFAULT_RULES);
  expect(read(typed('mustHave', { text: '' }))).toEqual(DEFAULT_RULES);
});

it('takes one word or phrase per line, each once', () => {
  const rules = read(typed('mustHave', { on: true, text: ' tea \n\nnight owl\r\ntea\n' })) as Rules;
  expect(rules.mustHave.value).toEqual(['tea', 'night owl']);
});
