import { labelOf } from '@swipenet/shared/confidence.ts';
import type { ModelAnswer } from '@swipenet/shared/contract/model.ts';
import { type Decided, type DecisionRule, decide, withThreshold } from '@swipenet/shared/decision.ts';
import { formatCount, formatSpan } from '../../parts/format.ts';
import { Panel } from '../../parts/panel.tsx';
import { decisionText, formatThreshold } from './decision-text.ts';
import { isScoring, likeOf, photos, took } from './tried-photos.ts';

/** Decides profiles by a rule: all photos are one, or each is one of its own. */
export function decisionsOf(likes: readonly (number | null)[], rule: DecisionRule, isEach: boolean): Decided[] {
  const profiles = isEach ? likes.map((like) => [like]) : [likes];
  return profiles.map((profile) => decide({ likes: profile, photoCount: profile.length, rule }));
}

/** The decision about the photos with its reason, and what another threshold would change. */
export function DecisionPanel(props: {
  model: ModelAnswer;
  rule: DecisionRule;
  /** The threshold that is tried. */
  threshold: number;
  isEach: boolean;
  onThreshold: (threshold: number) => void;
}) {
  const { model, rule, threshold, isEach, onThreshold } = props;
  const likes = photos.value.map(likeOf);
  const decisions = decisionsOf(likes, withThreshold(rule, threshold), isEach);
  const before = decisionsOf(likes, rule, isEach);
  const only = isEach ? undefined : decisionText(decisions[0]!, likes, threshold);
  const count = (swipe: Decided['swipe']) => decisions.filter((decision) => decision.swipe === swipe).length;
  return (
    <Panel title="Decision">
      <p class="try-decision" aria-live="polite">
        {isScoring.value ? (
          'Scoring …'
        ) : only ? (
          <>
            <strong>{only.act}</strong>: {only.reason}
          </>
        ) : (
          <>
            <strong>{count('right')}</strong> right, <strong>{count('left')}</strong> left,{' '}
            <strong>{count('hold')}</strong> left to you
          </>
        )}
      </p>
      <label class="try-threshold">
        Threshold
        <input
          type="range"
          min={0}
          max={1}
          step={0.005}
          value={threshold}
          aria-valuetext={formatThreshold(threshold)}
          onInput={({ currentTarget }) => onThreshold(Number(currentTarget.value))}
        />
        <output>{formatThreshold(threshold)}</output>
        <button type="button" disabled={threshold === rule.threshold} onClick={() => onThreshold(rule.threshold)}>
          Back to {formatThreshold(rule.threshold)}
        </button>
      </label>
      <p class="try-changes">{changesText(likes, { rule, threshold, before, decisions })}</p>
      <p class="hint">
        {model.id}, {rule.rule === 'any' ? 'one LIKE among the photos is enough' : 'all photos count together'}.{' '}
        {took.value
          ? `The server took ${formatSpan(took.value.totalMs)} for ${some(took.value.photos, 'photo')}.`
          : 'Nothing was scored yet.'}
      </p>
    </Panel>
  );
}

const some = (count: number, what: string) => `${formatCount(count)} ${what}${count === 1 ? '' : 's'}`;

/** Says what another threshold than the model's would change. */
function changesText(
  likes: readonly (number | null)[],
  tried: { rule: DecisionRule; threshold: number; before: readonly Decided[]; decisions: readonly Decided[] },
): string {
  const { rule, threshold, before, decisions } = tried;
  const own = formatThreshold(rule.threshold);
  if (threshold === rule.threshold)
    return `This is the threshold that the server uses. Move it to see what would change.`;
  const photosChanged = likes.filter(
    (like) => like !== null && labelOf(like, threshold) !== labelOf(like, rule.threshold),
  ).length;
  const changed = decisions.filter(({ swipe }, at) => swipe !== before[at]!.swipe).length;
  return `Compared with ${own}, ${some(changed, 'decision')} and ${some(photosChanged, 'photo label')} would change.`;
}
