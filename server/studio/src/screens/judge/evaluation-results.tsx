import { useMemo, useState } from 'preact/hooks';
import { type JudgedEvaluation, rowsOfProfiles } from '../../evaluations/judged-evaluation.ts';
import { Notice } from '../../parts/notice.tsx';
import { Figures, Panel } from '../../parts/panel.tsx';
import { CellPictures } from './cell-pictures.tsx';
import { Comparing } from './comparing.tsx';
import { Curves } from './curves.tsx';
import { type Cell, type EvaluationPageProps, UNITS, type Unit } from './judge-props.ts';
import { Matrix } from './matrix.tsx';
import { MostWrong } from './most-wrong.tsx';
import { Threshold } from './threshold.tsx';
import { counted, percent, subjectWords } from './words.ts';

/** What an evaluation found, at a threshold that the person moves. */
export function EvaluationResults(props: EvaluationPageProps & { judged: JudgedEvaluation }) {
  const { judged } = props;
  const { subject, result, scores, exists } = judged;
  const [threshold, setThreshold] = useState(subject.rule.threshold);
  const [unit, setUnit] = useState<Unit>('photos');
  const [cell, setCell] = useState<Cell>();
  const profileRows = useMemo(() => rowsOfProfiles(scores), [scores]);
  return (
    <>
      <Panel title={subjectWords(subject)}>
        <Figures
          of={[
            ['Photos', counted(result.photos.count, 'photos')],
            ['Profiles', counted(result.profiles.count, 'profiles')],
            ['A profile is a LIKE if', ruleWords(judged)],
            ['The model’s own threshold', percent(subject.rule.threshold)],
          ]}
        />
        <Warnings {...judged} />
        <fieldset class="row units">
          <legend>Judge by</legend>
          {UNITS.map((one) => (
            <label key={one}>
              <input type="radio" name="unit" checked={unit === one} onChange={() => setUnit(one)} /> {one}
            </label>
          ))}
        </fieldset>
      </Panel>
      <div class="grid judge">
        <Threshold {...{ judged, threshold }} onChange={setThreshold} />
        <Panel title={`Confusion matrix of ${unit}`}>
          <Matrix {...{ unit, threshold, cell }} scores={scores[unit]} onOpen={setCell} />
        </Panel>
      </div>
      {!exists.dataset && (
        <Notice>The dataset {subject.dataset.name} was deleted or moved, so its pictures can’t be shown.</Notice>
      )}
      {cell && <CellPictures {...{ judged, profileRows, unit, threshold, cell }} onClose={() => setCell(undefined)} />}
      <Curves {...{ unit, threshold }} figures={result[unit]} scores={scores[unit]} />
      <MostWrong {...{ judged, profileRows, unit }} />
      <Comparing {...props} {...{ profileRows, unit, threshold }} />
    </>
  );
}

function ruleWords({ subject: { rule } }: JudgedEvaluation): string {
  return rule.rule === 'any' ? 'any of its photos is one' : 'all its photos together say so';
}

function Warnings({ result: { note, trainedOn, photos }, subject, exists }: JudgedEvaluation) {
  return (
    <>
      {trainedOn !== null && trainedOn > 0 && (
        <Notice>
          The model was trained on {counted(trainedOn, 'photos')} of these {photos.count.toLocaleString('en-US')}, so it
          looks better here than it is.
        </Notice>
      )}
      {trainedOn === null && subject.part !== 'training' && (
        <p class="hint">The model doesn’t record its training photos, so it may have been trained on some of these.</p>
      )}
      {note !== null && <Notice>{note}</Notice>}
      {!exists.model && <Notice>The model {subject.model.id} was deleted. What it scored stays here.</Notice>}
    </>
  );
}
