import { accuracyOf, balancedAccuracyOf, labelCounts, precisionOf, recallOf } from '@swipenet/shared/confusion.ts';
import { confusionAt, flipsBetween, type RankedScores } from '@swipenet/shared/ranked-scores.ts';
import { useId } from 'preact/hooks';
import type { JudgedEvaluation } from '../../evaluations/judged-evaluation.ts';
import { Panel } from '../../parts/panel.tsx';
import { Scroll } from '../../parts/scroll.tsx';
import { UNITS, type Unit } from './judge-props.ts';
import { counted, percent } from './words.ts';

/** The step of the slider. */
const STEP = 0.001;

/** The slider, and what would change with another threshold than the model's own. */
export function Threshold(props: {
  judged: JudgedEvaluation;
  threshold: number;
  onChange: (threshold: number) => void;
}) {
  const { judged, threshold, onChange } = props;
  const own = judged.subject.rule.threshold;
  const id = useId();
  return (
    <Panel
      title="Threshold"
      actions={
        <button type="button" disabled={threshold === own} onClick={() => onChange(own)}>
          Back to the model’s own
        </button>
      }
    >
      <div class="slider">
        <label for={id}>LIKE from</label>
        <input
          id={id}
          type="range"
          min={0}
          max={1}
          step={STEP}
          value={threshold}
          aria-valuetext={percent(threshold)}
          onInput={({ currentTarget }) => onChange(currentTarget.valueAsNumber)}
        />
        <span class="value">{percent(threshold)}</span>
      </div>
      <output class="flips" for={id}>
        {threshold === own
          ? 'This is the model’s own threshold.'
          : `Against the model’s own ${percent(own)}, ${changes(judged, own, threshold)}.`}
      </output>
      <Scroll label="What the threshold means">
        <table class="effects">
          <thead>
            <tr>
              <td />
              {UNITS.map((unit) => (
                <th key={unit} scope="col">
                  {unit}
                </th>
              ))}
              {UNITS.map((unit) => (
                <th key={unit} scope="col" class="own">
                  {unit}, own
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {ROWS.map(([name, value]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                {[threshold, own].map((at, column) =>
                  UNITS.map((unit) => (
                    <td key={`${unit} ${at}`} class={column === 0 ? undefined : 'own'}>
                      {value(judged.scores[unit], at)}
                    </td>
                  )),
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </Panel>
  );
}

/** What a threshold means for photos or profiles. */
const ROWS: readonly (readonly [name: string, value: (scores: RankedScores, threshold: number) => string])[] = [
  ['Called LIKE', (scores, at) => liked(scores, at).toLocaleString('en-US')],
  ['Accuracy', (scores, at) => percent(accuracyOf(confusionAt(scores, at), scores.likes.length))],
  [
    'Balanced accuracy',
    (scores, at) => {
      const confusion = confusionAt(scores, at);
      return percent(balancedAccuracyOf(confusion, labelCounts(confusion)));
    },
  ],
  ['Precision', (scores, at) => percent(precisionOf(confusionAt(scores, at)))],
  ['Recall', (scores, at) => percent(recallOf(confusionAt(scores, at)))],
];

function liked(scores: RankedScores, threshold: number): number {
  const { LIKE, NOPE } = confusionAt(scores, threshold);
  return LIKE.LIKE + NOPE.LIKE;
}

/** Formats what becomes LIKE or NOPE: `3 photos and 1 profile become NOPE`. */
function changes({ scores }: JudgedEvaluation, from: number, to: number): string {
  const flips = (unit: Unit) => {
    const { LIKE, NOPE } = flipsBetween(scores[unit], from, to);
    return LIKE + NOPE;
  };
  return `${counted(flips('photos'), 'photos')} and ${counted(flips('profiles'), 'profiles')} become ${
    to > from ? 'NOPE' : 'LIKE'
  }`;
}
