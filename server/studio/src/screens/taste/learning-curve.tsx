import type { TasteAnswer } from '@swipenet/shared/contract/taste.ts';
import { useState } from 'preact/hooks';
import { formatCount } from '../../parts/format.ts';
import { Panel } from '../../parts/panel.tsx';
import { CURVES, type CurveName, type CurvePoint, curveOf, spanOf } from './curve.ts';

/** How well versions predict swipes that they weren't learned from, by the number of labels. */
export function LearningCurve({ versions }: { versions: TasteAnswer['versions'] }) {
  const [name, setName] = useState<CurveName>('crossValidatedBalancedAccuracy');
  const points = curveOf(versions, name);
  return (
    <Panel title="Learning curve">
      <label>
        Show
        <select value={name} onChange={({ currentTarget }) => setName(currentTarget.value as CurveName)}>
          {Object.entries(CURVES).map(([key, words]) => (
            <option key={key} value={key}>
              {words}
            </option>
          ))}
        </select>
      </label>
      {points.length > 0 ? (
        <Curve points={points} name={name} />
      ) : (
        <p class="taste-no-curve">
          There is no version yet. The first one is learned from at least 20 likes and 20 passes with photos.
        </p>
      )}
      <p class="hint">
        From cross-validation: each label is predicted by a head that wasn’t learned from it.{' '}
        {name === 'crossValidatedLoss' ? 'Lower is better.' : 'Higher is better, and 0.5 is chance.'} The last ten
        versions are kept.
      </p>
    </Panel>
  );
}

/** The size of the drawing. It is stretched, so nothing in it may depend on its proportions. */
const SIZE = 100;

function Curve({ points, name }: { points: readonly CurvePoint[]; name: CurveName }) {
  const words = CURVES[name];
  const { least, most } = spanOf(points, name);
  const last = points.at(-1)!;
  const x = (labels: number) => (SIZE * labels) / last.labels;
  const y = (value: number) => SIZE - (SIZE * (value - least)) / (most - least);
  const path = points.map(({ labels, value }) => `${x(labels)},${y(value)}`).join(' ');
  return (
    <figure class="taste-curve">
      <div class="row between hint">
        <span>{most.toFixed(3)}</span>
        <strong>
          {words} {last.value.toFixed(3)} with {formatCount(last.labels)} labels
        </strong>
      </div>
      <svg
        viewBox={`0 0 ${SIZE} ${SIZE}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={descriptionOf(points, words)}
      >
        <polyline points={path} />
        {points.map(({ version, labels, value }) => (
          // A line without length is drawn as a dot, which stays round.
          <line key={version} x1={x(labels)} x2={x(labels)} y1={y(value)} y2={y(value)} />
        ))}
      </svg>
      <figcaption class="row between hint">
        <span>{least.toFixed(3)}</span>
        <span>labels: 0 to {formatCount(last.labels)}</span>
      </figcaption>
    </figure>
  );
}

const descriptionOf = (points: readonly CurvePoint[], words: string) =>
  `${words} by the number of labels: ${points.map(({ labels, value }) => `${value.toFixed(3)} with ${labels}`).join(', ')}`;
