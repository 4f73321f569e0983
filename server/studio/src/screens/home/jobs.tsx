import { live } from '../../live/events.ts';
import { Panel } from '../../parts/panel.tsx';

const STATES = { running: 'training', stopping: 'stopping', waiting: 'waiting' } as const;

/** The jobs that run or wait. */
export function Jobs() {
  const jobs = live.jobs.value?.jobs;
  return (
    <Panel title="Jobs">
      {jobs?.length === 0 && (
        <p class="hint">
          Nothing is being trained. <a href="/studio/train">Train a model</a>.
        </p>
      )}
      {jobs && jobs.length > 0 && (
        <ol>
          {jobs.map(({ id, run, state }) => (
            <li key={id}>
              <a href={`/studio/train/${run}`}>{run}</a>, {STATES[state as keyof typeof STATES]}
            </li>
          ))}
        </ol>
      )}
    </Panel>
  );
}
