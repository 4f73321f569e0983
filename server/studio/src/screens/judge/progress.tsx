import { evaluationChangedSchema, type StudioEvaluation } from '@swipenet/shared/contract/studio/evaluations.ts';
import { ask } from '../../live/ask.ts';
import { formatCount } from '../../parts/format.ts';
import { Notice } from '../../parts/notice.tsx';
import { Meter, Panel } from '../../parts/panel.tsx';
import { Said } from '../../parts/said.tsx';
import { useAction } from '../../parts/use-action.ts';
import { isUnderWay } from './evaluation-table.tsx';
import { subjectWords } from './words.ts';

/** How far an evaluation is, or why it isn't done, with what can be done about it. */
export function Progress({ evaluation }: { evaluation: StudioEvaluation }) {
  const { id, subject, state, scored, photos, message } = evaluation;
  const { doing, said, act } = useAction();
  const cancel = () =>
    act('Canceling …', async () => {
      await ask('studioEvaluationDelete', evaluationChangedSchema, { path: { evaluation: id } });
      return 'Canceled.';
    });
  const again = () =>
    act('Asking the server …', async () => {
      const { model, dataset, part } = subject!;
      const body = { model: model.id, dataset: dataset.id, part };
      await ask('studioEvaluationStart', evaluationChangedSchema, { body });
      return '';
    });
  const words = photos === 0 ? 'Not started yet' : `${formatCount(scored)} of ${formatCount(photos)} photos`;
  return (
    <Panel title={subject ? subjectWords(subject) : 'A damaged evaluation'}>
      {isUnderWay(evaluation) ? (
        <Meter
          name={state === 'waiting' ? 'Waiting' : 'Scored'}
          share={photos === 0 ? 0 : scored / photos}
          words={words}
        />
      ) : (
        <Notice kind="error">This evaluation isn’t done: {message}.</Notice>
      )}
      <div class="row">
        {!isUnderWay(evaluation) && subject && (
          <button type="button" class="first" disabled={doing !== undefined} onClick={again}>
            Try again
          </button>
        )}
        <button type="button" class="danger" disabled={doing !== undefined} onClick={cancel}>
          {isUnderWay(evaluation) ? 'Cancel' : 'Delete'}
        </button>
      </div>
      <Said doing={doing} said={said?.text ? said : undefined} />
    </Panel>
  );
}
