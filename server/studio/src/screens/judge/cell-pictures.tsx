import { rowsOf } from '@swipenet/shared/ranked-scores.ts';
import type { JudgedEvaluation } from '../../evaluations/judged-evaluation.ts';
import { Panel } from '../../parts/panel.tsx';
import type { Cell, Unit } from './judge-props.ts';
import { type ProfileRows, pictureAt, profileEntry } from './picture.ts';
import { Pictures } from './pictures.tsx';
import { counted } from './words.ts';

/** The pictures of a cell of the matrix, those that the model is most confident about first. */
export function CellPictures(props: {
  judged: JudgedEvaluation;
  profileRows: ProfileRows;
  unit: Unit;
  threshold: number;
  cell: Cell;
  onClose: () => void;
}) {
  const { judged, profileRows, unit, threshold, cell, onClose } = props;
  const { label, verdict } = cell;
  const scores = judged.scores[unit];
  const { first, end } = rowsOf(scores, label, verdict, threshold);
  const rowAt = (place: number) => (verdict === 'LIKE' ? first + place : end - 1 - place);
  return (
    <Panel
      title={`${counted(end - first, unit)} labeled ${label} and called ${verdict}`}
      actions={
        <button type="button" onClick={onClose}>
          Close
        </button>
      }
    >
      <p class="hint">
        Those that the model is most confident about come first. Below each picture are its label and the LIKE
        confidence. Click one to see it in full size.
      </p>
      <Pictures
        key={`${unit} ${label} ${verdict}`}
        {...{ judged, unit }}
        count={end - first}
        entryAt={(place) => {
          const row = rowAt(place);
          return unit === 'photos'
            ? { key: scores.numbers[row]!, pictures: [pictureAt(judged, row)] }
            : profileEntry(judged, profileRows, row);
        }}
      />
    </Panel>
  );
}
