import { LABELS } from '@swipenet/shared/confidence.ts';
import { labelCounts } from '@swipenet/shared/confusion.ts';
import { confusionAt, type RankedScores } from '@swipenet/shared/ranked-scores.ts';
import type { Cell, Unit } from './judge-props.ts';
import { percent } from './words.ts';

/** LIKE first, as people read it. */
const ORDER = LABELS.toReversed();

/** The confusion matrix at a threshold. Each cell opens its pictures. */
export function Matrix(props: {
  scores: RankedScores;
  unit: Unit;
  threshold: number;
  cell: Cell | undefined;
  onOpen: (cell: Cell | undefined) => void;
}) {
  const { scores, unit, threshold, cell, onOpen } = props;
  const confusion = confusionAt(scores, threshold);
  const counts = labelCounts(confusion);
  return (
    <>
      <table class="matrix">
        <thead>
          <tr>
            <td />
            {ORDER.map((verdict) => (
              <th key={verdict} scope="col">
                Called {verdict}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {ORDER.map((label) => (
            <tr key={label}>
              <th scope="row">
                Is {label}
                <span class="hint">{counts[label].toLocaleString('en-US')}</span>
              </th>
              {ORDER.map((verdict) => {
                const count = confusion[label][verdict];
                const isOpen = cell?.label === label && cell.verdict === verdict;
                return (
                  <td key={verdict}>
                    <button
                      type="button"
                      class={`cell ${label === verdict ? 'right' : 'wrong'}`}
                      aria-pressed={isOpen}
                      onClick={() => onOpen(isOpen ? undefined : { label, verdict })}
                    >
                      <span class="count">{count.toLocaleString('en-US')}</span>
                      <span class="unseen">
                        {unit} labeled {label} and called {verdict}
                      </span>
                      <span>{percent(counts[label] === 0 ? null : count / counts[label])}</span>
                    </button>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      <p class="hint">Percentages are of the photos or profiles with that label. Click a cell to see its pictures.</p>
    </>
  );
}
