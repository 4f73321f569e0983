import { formatWholePercent } from '@swipenet/shared/confidence.ts';
import type { TasteAnswer } from '@swipenet/shared/contract/taste.ts';
import { formatCount } from '../../parts/format.ts';
import { Figures, Meter, Panel } from '../../parts/panel.tsx';

/** How many labels there are, how well versions agree with the person, and whether they may swipe. */
export function AgreementPanel({ taste }: { taste: TasteAnswer }) {
  const { agreement, likes, passes } = taste;
  const { lowerBound, required, balanced, isOpen, timesShut } = agreement;
  return (
    <Panel title="Agreement">
      <p>
        {isOpen ? (
          <>
            <strong>✓ Proven:</strong> versions may swipe.
          </>
        ) : (
          <>
            <strong>Not proven yet:</strong> versions show their verdict, but may not swipe.
          </>
        )}
      </p>
      <Meter
        name="Lower bound"
        share={lowerBound}
        words={`at least ${formatWholePercent(lowerBound)}; ${formatWholePercent(required)} is needed`}
      />
      <Figures
        of={[
          ['Labels', `${formatCount(likes)} likes, ${formatCount(passes)} passes`],
          ['Agreed with', `${tallyOf(agreement.likes)} likes, ${tallyOf(agreement.passes)} passes`],
          ['Balanced agreement', balanced === null ? 'needs likes and passes' : formatWholePercent(balanced)],
          ['Recently', agreement.faded === null ? '–' : formatWholePercent(agreement.faded)],
          ['Learned from', `${formatCount(taste.withFeatures)} of ${formatCount(likes + passes)} labels`],
          ...(taste.stale > 0 ? [['Of an earlier network', formatCount(taste.stale)] as const] : []),
          ...(timesShut > 0 ? [['No longer proven', timesShut === 1 ? 'once' : `${timesShut} times`] as const] : []),
        ]}
      />
      <p class="hint">
        Only swipes count whose verdict was hidden. With 95% confidence, the agreement is above the lower bound, however
        often you look.
      </p>
    </Panel>
  );
}

const tallyOf = ({ agreed, disagreed }: { agreed: number; disagreed: number }) =>
  `${formatCount(agreed)} of ${formatCount(agreed + disagreed)}`;
