import { lossAt, worstRows } from '@swipenet/shared/ranked-scores.ts';
import { useMemo } from 'preact/hooks';
import type { JudgedEvaluation } from '../../evaluations/judged-evaluation.ts';
import { Panel } from '../../parts/panel.tsx';
import type { Unit } from './judge-props.ts';
import { type ProfileRows, pictureAt, profileEntry } from './picture.ts';
import { Pictures } from './pictures.tsx';

/** How many of the worst to offer. */
const MOST = 240;

/** The photos or profiles with the largest loss. */
export function MostWrong(props: { judged: JudgedEvaluation; profileRows: ProfileRows; unit: Unit }) {
  const { judged, profileRows, unit } = props;
  const rows = useMemo(() => {
    const scores = judged.scores[unit];
    return worstRows(scores, MOST).filter((row) => lossAt(scores, row) > Math.LN2);
  }, [judged, unit]);
  return (
    <Panel title={`Most wrong ${unit}`}>
      <p class="hint">
        The model gives their labels less than 50%, and those with the largest loss come first. Some of these labels may
        be wrong.
      </p>
      <Pictures
        key={unit}
        {...{ judged, unit }}
        count={rows.length}
        entryAt={(place) => {
          const row = rows[place]!;
          return unit === 'photos'
            ? { key: judged.scores.photos.numbers[row]!, pictures: [pictureAt(judged, row)] }
            : profileEntry(judged, profileRows, row);
        }}
      />
    </Panel>
  );
}
