import type { StudioEvaluation } from '@swipenet/shared/contract/studio/evaluations.ts';
import { JUDGE } from '../judge/judge-address.ts';
import { ALL_ANSWERS, type AnswerFilter } from './model-answers.ts';

/** Chooses whose confidences to go by, and which photos to show by them. */
export function AnswerFilters({
  evaluations,
  evaluation,
  filter,
  onChoose,
}: {
  /** The evaluations of this dataset that are done. */
  evaluations: readonly StudioEvaluation[];
  /** The ID of the chosen one, or ''. */
  evaluation: string;
  filter: AnswerFilter;
  onChoose: (evaluation: string, filter: AnswerFilter) => void;
}) {
  if (evaluations.length === 0) {
    return (
      <p class="hint">
        To filter by a model’s confidence, <a href={JUDGE}>judge a model</a> on this dataset.
      </p>
    );
  }
  const percent = (name: string, end: 'fromPercent' | 'toPercent') => (
    <label>
      {name}
      <input
        type="number"
        min="0"
        max="100"
        step="any"
        required
        class="percent"
        disabled={evaluation === ''}
        value={filter[end]}
        onChange={({ currentTarget }) => {
          if (currentTarget.reportValidity()) onChoose(evaluation, { ...filter, [end]: currentTarget.valueAsNumber });
        }}
      />
    </label>
  );
  return (
    <div class="row filters">
      <label>
        Model
        <select value={evaluation} onChange={({ currentTarget }) => onChoose(currentTarget.value, ALL_ANSWERS)}>
          <option value="">any</option>
          {evaluations.map(({ id, subject }) => (
            <option key={id} value={id}>
              {subject!.model.id} ({subject!.part})
            </option>
          ))}
        </select>
      </label>
      {percent('LIKE from %', 'fromPercent')}
      {percent('to %', 'toPercent')}
      <label>
        <input
          type="checkbox"
          disabled={evaluation === ''}
          checked={filter.isDisagreeing}
          onChange={({ currentTarget }) => onChoose(evaluation, { ...filter, isDisagreeing: currentTarget.checked })}
        />
        Model disagrees with the label
      </label>
    </div>
  );
}
