import { evaluationChangedSchema, type StudioEvaluation } from '@swipenet/shared/contract/studio/evaluations.ts';
import { useLocation } from 'preact-iso';
import { type JudgedEvaluation, loadEvaluation } from '../../evaluations/judged-evaluation.ts';
import { ask } from '../../live/ask.ts';
import { Notice } from '../../parts/notice.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Said } from '../../parts/said.tsx';
import { useAction } from '../../parts/use-action.ts';
import { useAsked } from '../../parts/use-asked.ts';
import { useRouteFromHere } from '../../parts/use-route-from-here.ts';
import { Flips } from './flips.tsx';
import { addressOf } from './judge-address.ts';
import type { EvaluationPageProps, Unit } from './judge-props.ts';
import type { ProfileRows } from './picture.ts';
import { Progress } from './progress.tsx';

type ComparingProps = EvaluationPageProps & {
  judged: JudgedEvaluation;
  profileRows: ProfileRows;
  unit: Unit;
  threshold: number;
};

/** Compares the model with another one on the same photos. */
export function Comparing(props: ComparingProps) {
  const { evaluation, evaluations, models, judged, other } = props;
  const { subject } = judged;
  const { doing, said, act } = useAction();
  const { route } = useLocation();
  const routeFromHere = useRouteFromHere();
  const sameParts = evaluations.filter(
    (one) =>
      one.id !== evaluation.id && one.subject?.dataset.id === subject.dataset.id && one.subject.part === subject.part,
  );
  const known = [subject.model.id, ...sameParts.map((one) => one.subject?.model.id)];
  const others = models.filter(({ id, about }) => 'canScore' in about && about.canScore && !known.includes(id));
  const choose = async (value: string) => {
    const model = value.startsWith(NEW) ? value.slice(NEW.length) : undefined;
    if (model === undefined) return route(addressOf(evaluation.id, value));
    await act('Asking the server …', async () => {
      const body = { model, dataset: subject.dataset.id, part: subject.part };
      const { id } = await ask('studioEvaluationStart', evaluationChangedSchema, { body });
      if (id === evaluation.id) return `${model} is the same network as ${subject.model.id}, so it scores alike.`;
      routeFromHere(addressOf(evaluation.id, id));
      return '';
    });
  };
  const second = sameParts.find(({ id }) => id === other);
  return (
    <Panel title="Compare with another model">
      <label class="field compare">
        Compare with
        <select
          value={other}
          disabled={doing !== undefined}
          onChange={({ currentTarget }) => choose(currentTarget.value)}
        >
          <option value="">nothing</option>
          {sameParts.map(({ id, subject: of }) => (
            <option key={id} value={id}>
              {of!.model.id}
            </option>
          ))}
          {others.map(({ id }) => (
            <option key={id} value={NEW + id}>
              {id} (scores the photos first)
            </option>
          ))}
        </select>
      </label>
      <Said doing={doing} said={said?.text ? said : undefined} />
      {other !== '' && !second && <p>The other evaluation doesn’t exist (any more).</p>}
      {second &&
        (second.state === 'done' ? (
          <Second key={other} {...props} second={second} />
        ) : (
          <Progress evaluation={second} />
        ))}
    </Panel>
  );
}

/** Marks a model that didn't score these photos yet. */
const NEW = 'new ';

function Second({ second, ...props }: ComparingProps & { second: StudioEvaluation }) {
  const { answer, error } = useAsked(second.id, (signal) => loadEvaluation(second.id, signal));
  if (error) return <Notice kind="error">{error.message}</Notice>;
  return answer ? <Flips {...props} second={answer} /> : <p>Loading the scores …</p>;
}
