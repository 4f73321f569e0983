import type { StudioRun } from '@swipenet/shared/contract/studio/runs.ts';
import { live } from '../../live/events.ts';
import { formatDate } from '../../parts/format.ts';
import { Scroll } from '../../parts/scroll.tsx';
import { leftWords, progressWords, speedWords, stateWords } from './run-words.ts';

/** Every run, the newest first. */
export function RunList({ runs }: { runs: readonly StudioRun[] }) {
  if (runs.length === 0) {
    return <p>There are no runs yet. Those that you start here or by the command line appear by themselves.</p>;
  }
  return (
    <Scroll label="Table of runs">
      <table class="runs">
        <thead>
          <tr>
            <th scope="col">Run</th>
            <th scope="col">State</th>
            <th scope="col">Progress</th>
            <th scope="col">Speed</th>
            <th scope="col">Time left</th>
            <th scope="col">Dataset</th>
            <th scope="col">Started</th>
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <RunRow key={run.name} {...run} />
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

function RunRow({ name, state, datasetName, at, progress: known }: StudioRun) {
  const isRunning = state === 'running' || state === 'stopping';
  const progress = live.runs.value?.running.find((run) => run.name === name)?.progress ?? known;
  return (
    <tr>
      <th scope="row">
        <a href={`/studio/train/${name}`}>{name}</a>
      </th>
      <td>
        <span class={`state ${state}`}>{stateWords(state)}</span>
      </td>
      <td>
        {progress ? (
          <span class="share">
            <progress max={progress.steps} value={progress.step} aria-label={`Progress of ${name}`} />
            {progressWords(progress)}
          </span>
        ) : (
          '–'
        )}
      </td>
      <td>{isRunning && progress ? speedWords(progress) : '–'}</td>
      <td>{isRunning && progress ? leftWords(progress) : '–'}</td>
      <td>{datasetName ?? '–'}</td>
      <td>{at === null ? '–' : formatDate(at)}</td>
    </tr>
  );
}
