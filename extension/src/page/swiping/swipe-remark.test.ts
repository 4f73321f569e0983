import { expect, it } from 'vitest';
import { fakeTranslate as translate } from '../../../../test/support/fake-texts.ts';
import type { Answer, Verdict } from '../../messages.ts';
import { swipeRemark } from './swipe-remark.ts';

const verdict = { decision: { swipe: 'left', reason: 'all_nope', like: 0.3123 } } as unknown as Verdict;
const QUEUED: Answer<'label'> = { queued: true };
const delivered = (balanced: number | null, isOpen = false): Answer<'label'> => {
  const tally = { agreed: 1, disagreed: 1 };
  const agreement = { likes: tally, passes: tally, balanced, lowerBound: 0.519, required: 0.6, isOpen };
  return { delivered: { id: 1, outcome: 'added', agreement } };
};

it.each([
  [
    'both decisions and the agreement',
    verdict,
    delivered(0.61),
    'remark_both swipe_right swipe_left (31.23%) · remark_agreement 61% 51%',
  ],
  [
    'only the decisions before there are likes and passes',
    verdict,
    delivered(null),
    'remark_both swipe_right swipe_left (31.23%)',
  ],
  ['that there was no decision yet', undefined, delivered(null), 'remark_undecided swipe_right'],
  ['that the server is away', verdict, QUEUED, 'remark_both swipe_right swipe_left (31.23%) · remark_queued'],
  [
    'that it may swipe now',
    undefined,
    delivered(0.8, true),
    'remark_undecided swipe_right · remark_agreement 80% 51% ✓',
  ],
])('says %s', (_what, before, answer, said) => {
  expect(swipeRemark({ swipe: 'right', verdict: before, answer }, translate)).toBe(said);
});
