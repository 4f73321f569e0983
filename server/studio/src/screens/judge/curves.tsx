import { labelCounts, recallOf } from '@swipenet/shared/confusion.ts';
import type { EvaluationFigures } from '@swipenet/shared/contract/studio/evaluations.ts';
import { confusionAt, type RankedScores } from '@swipenet/shared/ranked-scores.ts';
import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import { formatCount } from '../../parts/format.ts';
import { Panel } from '../../parts/panel.tsx';
import { Chart, type ChartSeries } from './chart.tsx';
import type { Unit } from './judge-props.ts';
import { figure, percent } from './words.ts';

/** The calibration error of a perfect model is 0 only with many photos (docs of `calibrationError`). */
const FEW = 2_000;

/** The ROC curve with the point of the threshold, and how well confidences are calibrated. */
export function Curves(props: { unit: Unit; figures: EvaluationFigures; scores: RankedScores; threshold: number }) {
  const { unit, figures, scores, threshold } = props;
  return (
    <div class="grid judge">
      <Panel title={`ROC of ${unit}`}>
        {figures.roc.length > 0 ? (
          <Roc key={unit} {...{ figures, scores, threshold }} />
        ) : (
          <p>Without {unit} of both labels, there is no ROC curve.</p>
        )}
      </Panel>
      <Panel title={`Reliability of ${unit}`}>
        <Reliability key={unit} {...{ unit, figures }} />
      </Panel>
    </div>
  );
}

function Roc({ figures, scores, threshold }: { figures: EvaluationFigures; scores: RankedScores; threshold: number }) {
  const { roc, auc } = figures;
  const confusion = confusionAt(scores, threshold);
  const point = { x: confusion.NOPE.LIKE / labelCounts(confusion).NOPE, y: recallOf(confusion)! };
  const { x, series } = useMemo(() => withPoint(roc, point), [roc, point.x, point.y]);
  return (
    <>
      <p>
        AUC {figure(auc)}. At {percent(threshold)}, it finds {percent(point.y)} of the LIKEs, and likes{' '}
        {percent(point.x)} of the NOPEs.
      </p>
      <Chart name="ROC curve" xName="NOPEs that are liked" yName="LIKEs that are found" {...{ x, series }} />
      <Numbers names={['LIKE from', 'LIKEs found', 'NOPEs liked']}>
        {roc.map(({ threshold: from, likesFound, nopesLiked }) => (
          <tr key={from}>
            <th scope="row">{from === null ? 'never' : percent(from)}</th>
            <td>{percent(likesFound)}</td>
            <td>{percent(nopesLiked)}</td>
          </tr>
        ))}
      </Numbers>
    </>
  );
}

/** Puts the threshold's own point among those of the curve. */
function withPoint(roc: EvaluationFigures['roc'], point: { readonly x: number; readonly y: number }) {
  const curve = roc.map(({ nopesLiked, likesFound }) => ({ x: nopesLiked, y: likesFound }));
  const place = curve.findIndex(({ x, y }) => x > point.x || (x === point.x && y >= point.y));
  const all = curve.toSpliced(place < 0 ? curve.length : place, 0, point);
  const series: ChartSeries[] = [
    { name: 'every threshold', color: 'accent', kind: 'line', values: all.map(({ y }) => y) },
    { name: 'chance', color: 'soft', kind: 'dashes', values: all.map(({ x }) => x) },
    { name: 'this threshold', color: 'like', kind: 'points', values: all.map((one) => (one === point ? one.y : null)) },
  ];
  return { x: all.map(({ x }) => x), series };
}

function Reliability({ unit, figures }: { unit: Unit; figures: EvaluationFigures }) {
  const { reliability, ece, meanLoss, count } = figures;
  const filled = useMemo(() => reliability.filter((bin) => bin.count > 0), [reliability]);
  const { x, series } = useMemo(() => {
    const points = [
      { x: 0, y: null },
      ...filled.map((bin) => ({ x: bin.confidence, y: bin.likeShare })),
      { x: 1, y: null },
    ];
    const kinds: ChartSeries[] = [
      { name: 'the model', color: 'accent', kind: 'points', values: points.map(({ y }) => y) },
      { name: 'perfect', color: 'soft', kind: 'dashes', values: points.map((one) => one.x) },
    ];
    return { x: points.map((one) => one.x), series: kinds };
  }, [filled]);
  return (
    <>
      <p>
        Calibration error (ECE) {figure(ece)}, log loss {figure(meanLoss)}.{' '}
        {count < FEW && `With fewer than ${formatCount(FEW)} ${unit}, even a perfect model has an error.`}
      </p>
      <Chart name="Reliability" xName="mean LIKE confidence" yName="that are LIKE" {...{ x, series }} />
      <Numbers names={['Confidence', `${unit[0]!.toUpperCase()}${unit.slice(1)}`, 'Mean confidence', 'Are LIKE']}>
        {filled.map((bin) => (
          <tr key={bin.from}>
            <th scope="row">
              {percent(bin.from)} to {percent(bin.to)}
            </th>
            <td>{formatCount(bin.count)}</td>
            <td>{percent(bin.confidence)}</td>
            <td>{percent(bin.likeShare)}</td>
          </tr>
        ))}
      </Numbers>
    </>
  );
}

/** The numbers of a chart, for people who don't see it. */
function Numbers({ names, children }: { names: readonly string[]; children: ComponentChildren }) {
  return (
    <details>
      <summary>Numbers</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard has to reach what scrolls */}
      <section class="scroll numbers" tabIndex={0} aria-label="Numbers">
        <table>
          <thead>
            <tr>
              {names.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>{children}</tbody>
        </table>
      </section>
    </details>
  );
}
