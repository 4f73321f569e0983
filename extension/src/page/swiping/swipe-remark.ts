import { formatPercent, formatWholePercent, type Translate } from '../../texts.ts';
import type { ShownSwipe } from '../person/person-swipes.ts';

/** Returns what to say after a swipe of the person: theirs, Swipenet's, and how well the two agree so far. */
export function swipeRemark({ swipe, ruling, verdict, answer }: ShownSwipe, translate: Translate): string {
  const you = translate(`swipe_${swipe}`);
  const decision = verdict?.decision;
  const chance = typeof decision?.like === 'number' ? ` (${formatPercent(decision.like, translate)})` : '';
  if (ruling) return translate('remark_ruled', you, translate(`swipe_${ruling.swipe}`));
  const both = decision
    ? translate('remark_both', you, `${translate(`swipe_${decision.swipe}`)}${chance}`)
    : translate('remark_undecided', you);
  return [both, ...agreementRemark(answer, translate)].join(' · ');
}

function agreementRemark(answer: ShownSwipe['answer'], translate: Translate): string[] {
  if (!('delivered' in answer)) return [translate('remark_queued')];
  const { balanced, lowerBound, isOpen } = answer.delivered.agreement;
  if (balanced === null) return [];
  const share = (known: number) => formatWholePercent(known, translate);
  const known = translate('remark_agreement', share(balanced), share(lowerBound));
  return [isOpen ? `${known} ✓` : known];
}
