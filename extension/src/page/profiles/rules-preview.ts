import type { RulesPreview } from '../../own-messages.ts';
import { outcomes, RULE_NAMES, type Rules, rulingOf } from '../../rules/rules.ts';
import type { SitePage } from '../../sites/site-adapter.ts';

/** Returns how the profile on top fares under some rules, or null if there is none. */
export function rulesPreview(page: SitePage, rules: Rules): RulesPreview | null {
  const profile = page.activeProfile();
  if (!profile) return null;
  const facts = page.factsOf(profile);
  const all = outcomes(rules, facts);
  const listed = RULE_NAMES.map((rule) => {
    const outcome = all[rule];
    return { rule, outcome: typeof outcome === 'string' ? outcome : [...outcome] };
  });
  return { outcomes: listed, ruling: rulingOf(rules, facts) ?? null };
}
