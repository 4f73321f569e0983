import { useLocation } from 'preact-iso';
import { live } from '../../live/events.ts';
import { Panel } from '../../parts/panel.tsx';
import { EvaluationPage } from './evaluation-page.tsx';
import { EvaluationTable } from './evaluation-table.tsx';
import { idsIn, JUDGE } from './judge-address.ts';
import { NewEvaluation } from './new-evaluation.tsx';
import './judge.css';

/** How good models are on labeled photos: a list of evaluations, and each one's details. */
export function Judge() {
  const { path } = useLocation();
  const evaluations = live.evaluations.value?.evaluations;
  const models = live.models.value?.models;
  if (!evaluations || !models) return <p>Asking the server …</p>;
  const [id, other] = idsIn(path);
  if (id === '') {
    return (
      <>
        <NewEvaluation models={models} />
        <Panel title="Evaluations">
          <EvaluationTable evaluations={evaluations} />
        </Panel>
      </>
    );
  }
  const evaluation = evaluations.find((one) => one.id === id);
  if (evaluation) {
    return <EvaluationPage key={id} {...{ evaluation, evaluations, models, other }} />;
  }
  return (
    <p>
      This evaluation doesn’t exist (any more). <a href={JUDGE}>Show all evaluations</a>.
    </p>
  );
}
