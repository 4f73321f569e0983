import { MAX_WORD_LENGTH, MAX_WORDS, RULE_NAMES, RULE_RANGES, type RuleName, type Rules } from '../../rules/rules.ts';
import { hasWords } from '../../rules/words.ts';
import type { TextKey } from '../../texts.ts';

/** What a rule's entry is: a number, a list of words, or nothing besides its checkbox. */
export type RuleEntryKind = 'number' | 'words' | 'none';

/** The contents of one rule's fields. */
export interface RuleEntry {
  readonly on: boolean;
  /** The number, or one word or phrase per line. Empty for a rule without an entry. */
  readonly text: string;
  readonly action: 'left' | 'hold';
  readonly unknown: 'ignore' | 'hold';
}

/** The contents of all fields about rules. */
export interface RuleEntries {
  readonly rules: Readonly<Record<RuleName, RuleEntry>>;
  readonly unit: Rules['unit'];
  readonly holdsSeen: boolean;
}

/** An invalid rule, with an error text and the values that fill it. */
export interface RuleRefusal {
  readonly rule: RuleName;
  readonly text: TextKey;
  readonly values: readonly (string | number)[];
}

/** Returns what kind of entry a rule has. */
export function entryKind(rule: RuleName): RuleEntryKind {
  if (rule === 'mustHave' || rule === 'mustNotHave') return 'words';
  return rule in RULE_RANGES ? 'number' : 'none';
}

/**
 * Returns the entries as rules, or the first one that is invalid. If a rule is off, an invalid number is replaced by what
 * was stored before, and words that can't be found are kept out.
 */
export function readRules({ rules, unit, holdsSeen }: RuleEntries, before: Rules): Rules | RuleRefusal {
  const refusals: RuleRefusal[] = [];
  const read = Object.fromEntries(
    RULE_NAMES.map((rule) => {
      const { text, ...entry } = rules[rule];
      const kind = entryKind(rule);
      if (kind === 'none') return [rule, entry];
      const found = kind === 'number' ? numberIn(text, rule as keyof typeof RULE_RANGES) : wordsIn(text);
      const isRefused = !Array.isArray(found) && typeof found === 'object';
      if (isRefused && entry.on) refusals.push({ rule, ...found });
      return [rule, { ...entry, value: isRefused ? (before[rule] as { value: unknown }).value : found }];
    }),
  ) as unknown as Pick<Rules, RuleName>;
  if (refusals[0]) return refusals[0];
  return { ...read, unit, holdsSeen };
}

/** Returns the fields' contents for these rules. */
export function ruleEntries(rules: Rules): RuleEntries {
  const entries = RULE_NAMES.map((rule) => {
    const set = rules[rule];
    const value = 'value' in set ? set.value : '';
    const { on, action, unknown } = set;
    return [rule, { on, text: Array.isArray(value) ? value.join('\n') : String(value), action, unknown }];
  });
  return { rules: Object.fromEntries(entries), unit: rules.unit, holdsSeen: rules.holdsSeen };
}

type Refused = Omit<RuleRefusal, 'rule'>;

function numberIn(text: string, rule: keyof typeof RULE_RANGES): number | Refused {
  const { min, max } = RULE_RANGES[rule];
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  return { text: 'rules_number_wrong', values: [min, max] };
}

/** Reads one word or phrase per line, each once. */
function wordsIn(text: string): string[] | Refused {
  const words = [...new Set(text.split('\n').map((line) => line.trim()))].filter((line) => line !== '');
  const unfound = words.find((word) => !hasWords(word));
  if (unfound !== undefined) return { text: 'rules_word_empty', values: [unfound] };
  const long = words.find((word) => word.length > MAX_WORD_LENGTH);
  if (long !== undefined) return { text: 'rules_word_long', values: [MAX_WORD_LENGTH] };
  if (words.length > MAX_WORDS) return { text: 'rules_words_many', values: [MAX_WORDS] };
  return words.length > 0 ? words : { text: 'rules_words_none', values: [] };
}
