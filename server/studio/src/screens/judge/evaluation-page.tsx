import { loadEvaluation } from '../../evaluations/judged-evaluation.ts';
import { Notice } from '../../parts/notice.tsx';
import { useAsked } from '../../parts/use-asked.ts';
import { EvaluationResults } from './evaluation-results.tsx';
import { JUDGE } from './judge-address.ts';
import type { EvaluationPageProps } from './judge-props.ts';
import { Progress } from './progress.tsx';

/** One evaluation: its results, or how far it is. */
export function EvaluationPage(props: EvaluationPageProps) {
  const { evaluation } = props;
  return (
    <>
      <p>
        <a href={JUDGE}>All evaluations</a>
      </p>
      {evaluation.state === 'done' ? <Loaded {...props} /> : <Progress evaluation={evaluation} />}
    </>
  );
}

function Loaded(props: EvaluationPageProps) {
  const { id } = props.evaluation;
  const { answer, error } = useAsked(id, (signal) => loadEvaluation(id, signal));
  if (error) return <Notice kind="error">{error.message}</Notice>;
  return answer ? <EvaluationResults {...props} judged={answer} /> : <p>Loading the scores …</p>;
}
