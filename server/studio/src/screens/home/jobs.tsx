import { studioDatasetsSchema } from '@swipenet/shared/contract/studio/datasets.ts';
import { ask } from '../../live/ask.ts';
import { live } from '../../live/events.ts';
import { Panel } from '../../parts/panel.tsx';
import { useAsked } from '../../parts/use-asked.ts';
import { activeJobs } from './active-jobs.ts';

/** The jobs that run or wait. */
export function Jobs() {
  const { answer } = useAsked(`datasets ${live.datasets.value?.version ?? ''}`, (signal) =>
    ask('studioDatasets', studioDatasetsSchema, { signal }),
  );
  const active = activeJobs({
    ...{ jobs: live.jobs.value, evaluations: live.evaluations.value, reviews: live.reviews.value },
    datasets: answer?.datasets ?? [],
  });
  return (
    <Panel title="Jobs">
      {live.jobs.value && active.length === 0 && (
        <p class="hint">
          No job is running. <a href="/studio/train">Train a model</a>.
        </p>
      )}
      {active.length > 0 && (
        <ol>
          {active.map(({ key, name, address, words }) => (
            <li key={key}>
              <a href={address}>{name}</a>, {words}
            </li>
          ))}
        </ol>
      )}
    </Panel>
  );
}
