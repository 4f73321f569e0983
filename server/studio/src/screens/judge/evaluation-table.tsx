import { evaluationChangedSchema, type StudioEvaluation } from '@swipenet/shared/contract/studio/evaluations.ts';
import { ask } from '../../live/ask.ts';
import { formatCount, formatPercent } from '../../parts/format.ts';
import { Said } from '../../parts/said.tsx';
import { Scroll } from '../../parts/scroll.tsx';
import { useAction } from '../../parts/use-action.ts';
import { addressOf } from './judge-address.ts';
import { figure, subjectWords } from './words.ts';

/** Lists evaluations, with how far each is. */
export function EvaluationTable({ evaluations }: { evaluations: readonly StudioEvaluation[] }) {
  const { doing, said, act } = useAction();
  if (evaluations.length === 0) return <p>No model was judged yet.</p>;
  const remove = ({ id, subject }: StudioEvaluation) =>
    act('Deleting …', async () => {
      await ask('studioEvaluationDelete', evaluationChangedSchema, { path: { evaluation: id } });
      return `Deleted the evaluation${subject ? ` of ${subjectWords(subject)}` : ''}.`;
    });
  return (
    <>
      <Scroll label="Evaluations">
        <table class="evaluations">
          <thead>
            <tr>
              <th scope="col">Model</th>
              <th scope="col">Dataset</th>
              <th scope="col">Part</th>
              <th scope="col">Photos</th>
              <th scope="col">AUC of photos</th>
              <th scope="col">AUC of profiles</th>
              <th scope="col">State</th>
              <th scope="col">Delete</th>
            </tr>
          </thead>
          <tbody>
            {evaluations.map((evaluation) => (
              <Row key={evaluation.id} evaluation={evaluation} onDelete={() => remove(evaluation)} />
            ))}
          </tbody>
        </table>
      </Scroll>
      <Said doing={doing} said={said} />
    </>
  );
}

function Row({ evaluation, onDelete }: { evaluation: StudioEvaluation; onDelete: () => void }) {
  const { id, subject, photos, auc } = evaluation;
  const name = subject ? subjectWords(subject) : id;
  const act = isUnderWay(evaluation) ? 'Cancel' : 'Delete';
  return (
    <tr>
      <th scope="row">{subject ? <a href={addressOf(id)}>{subject.model.id}</a> : 'Unknown'}</th>
      <td>{subject?.dataset.name ?? '–'}</td>
      <td>{subject?.part ?? '–'}</td>
      <td>{photos > 0 ? formatCount(photos) : '–'}</td>
      <td>{figure(auc?.photos ?? null)}</td>
      <td>{figure(auc?.profiles ?? null)}</td>
      <td>{stateWords(evaluation)}</td>
      <td>
        <button type="button" class="danger" aria-label={`${act} ${name}`} onClick={onDelete}>
          {act}
        </button>
      </td>
    </tr>
  );
}

/** Returns true while an evaluation is being computed, or will be. */
export const isUnderWay = ({ state }: StudioEvaluation): boolean => state === 'waiting' || state === 'running';

/** Formats how far an evaluation is. */
export function stateWords({ state, scored, photos, message }: StudioEvaluation): string {
  if (state === 'done') return 'done';
  if (state === 'waiting') return 'waiting';
  if (state === 'running') return photos === 0 ? 'starting' : `${formatPercent(scored / photos)} scored`;
  return `${state}: ${message}`;
}
