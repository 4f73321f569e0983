import { studioRunsSchema } from '@swipenet/shared/contract/studio/runs.ts';
import { useRef } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { ask } from '../../live/ask.ts';
import { live } from '../../live/events.ts';
import { Notice } from '../../parts/notice.tsx';
import { Panel } from '../../parts/panel.tsx';
import { useAsked } from '../../parts/use-asked.ts';
import { RunList } from './run-list.tsx';
import { RunView } from './run-view.tsx';
import { TrainingForm } from './training-form.tsx';
import './train.css';

/** Trains models: a form for new ones and the list of all runs, or one of them. */
export function Train() {
  const { path, query } = useLocation();
  const version = live.runs.value?.version ?? '';
  const { answer, error } = useAsked(`runs ${version}`, (signal) => ask('studioRuns', studioRunsSchema, { signal }));
  const seen = useRef(new Set<string>()); // the runs that were there
  for (const run of answer?.runs ?? []) seen.current.add(run.name);
  const [, name] = /\/train\/([^/]+)/.exec(path) ?? [];
  if (error && !answer) return <Notice kind="error">{error.message}</Notice>;
  if (!answer) return <p>Asking the server …</p>;
  const { runs } = answer;
  if (name !== undefined) {
    const run = runs.find((one) => one.name === name);
    return <RunView key={name} name={name} run={run} wasSeen={seen.current.has(name)} />;
  }
  return (
    <div class="training">
      {error && <Notice kind="error">{error.message}</Notice>}
      <TrainingForm key={query.clone ?? ''} runs={runs} clone={runs.find((run) => run.name === query.clone)} />
      <Panel title="Runs">
        <RunList runs={runs} />
      </Panel>
    </div>
  );
}
