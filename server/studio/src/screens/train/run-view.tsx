import { jobLogSchema } from '@swipenet/shared/contract/studio/jobs.ts';
import type { RunProgress, StudioRun } from '@swipenet/shared/contract/studio/runs.ts';
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { ask } from '../../live/ask.ts';
import { live } from '../../live/events.ts';
import { formatDate } from '../../parts/format.ts';
import { Notice } from '../../parts/notice.tsx';
import { Figures, Panel } from '../../parts/panel.tsx';
import { Scroll } from '../../parts/scroll.tsx';
import { useAsked } from '../../parts/use-asked.ts';
import { bestWords } from './chart-data.ts';
import { RunActions } from './run-actions.tsx';
import { leftWords, progressWords, speedWords, stateHelp, stateWords, stepWords } from './run-words.ts';
import { type Measured, useMetrics } from './use-metrics.ts';

/** One run: how it is doing, its curves, and what can be done with it. */
export function RunView({ name, run, wasSeen }: { name: string; run: StudioRun | undefined; wasSeen: boolean }) {
  if (!run) {
    return (
      <>
        <Notice>{wasSeen ? `The run ${name} was deleted.` : `There is no run named ${name}.`}</Notice>
        <p>
          <a href="/studio/train">Go to all runs</a>
        </p>
      </>
    );
  }
  const running = live.runs.value?.running.find((one) => one.name === name);
  const progress = running?.progress ?? run.progress;
  const about = `${progress?.step ?? 0} ${run.state}`; // changes when there is something new to show
  return (
    <>
      <p class="back">
        <a href="/studio/train">All runs</a>
      </p>
      <div class="run">
        <About run={run} progress={progress} />
        <div class="shown">
          <CurvesPanel name={name} about={about} />
          {run.job !== null && <Log job={run.job} about={about} />}
        </div>
        <Settings run={run} />
      </div>
    </>
  );
}

function About({ run, progress }: { run: StudioRun; progress: RunProgress | null }) {
  const { state, message, at, datasetName } = run;
  const isRunning = state === 'running' || state === 'stopping';
  const help = stateHelp(run);
  return (
    <Panel title={run.name}>
      <p role="status">
        <span class={`state ${state}`}>{stateWords(state)}</span> {help}
      </p>
      {message !== null && <Notice kind="error">{sentence(message)}</Notice>}
      <progress
        class="wide"
        max={progress?.steps ?? 1}
        value={progress?.step ?? (state === 'finished' ? 1 : 0)}
        aria-label={`Progress of ${run.name}`}
      />
      <Figures
        of={[
          ['Progress', progress ? progressWords(progress) : '–'],
          ['Steps', progress ? stepWords(progress) : '–'],
          ['Speed', progress && isRunning ? speedWords(progress) : '–'],
          ['Time left', progress && isRunning ? leftWords(progress) : '–'],
          ['Dataset', datasetName ?? '–'],
          ['Started', at === null ? '–' : formatDate(at)],
        ]}
      />
      <RunActions run={run} />
    </Panel>
  );
}

/** Shows the curves. uPlot loads with the first of them. */
function CurvesPanel({ name, about }: { name: string; about: string }) {
  const { measured, error } = useMetrics(name, about);
  const [Curves, setCurves] = useState<ComponentType<{ measured: Measured }>>();
  const hasSteps = measured.steps.step.length > 0;
  useEffect(() => {
    if (hasSteps) void import('./curves.tsx').then((loaded) => setCurves(() => loaded.Curves));
  }, [hasSteps]);
  return (
    <Panel title="Curves">
      {error && <Notice kind="error">{error.message}</Notice>}
      {!hasSteps && <p class="hint">They begin with the first step. A head, which has no steps, has none.</p>}
      {hasSteps && (Curves ? <Curves measured={measured} /> : <div class="curves waiting" />)}
      {hasSteps && <p>{bestWords(measured)}</p>}
      {measured.epochs.length > 0 && <EpochTable measured={measured} />}
    </Panel>
  );
}

function EpochTable({ measured: { epochs } }: { measured: Measured }) {
  const rows = [...Map.groupBy(epochs, ({ step }) => step).values()].toReversed();
  const cell = (row: (typeof rows)[number], part: string, name: 'loss' | 'accuracy') => {
    const value = row.find((epoch) => epoch.part === part)?.[name];
    return value === undefined ? '–' : name === 'loss' ? value.toFixed(4) : `${(100 * value).toFixed(1)}%`;
  };
  return (
    <details>
      <summary>Every epoch as a table</summary>
      <Scroll label="Epochs">
        <table>
          <thead>
            <tr>
              <th scope="col">Epoch</th>
              <th scope="col">Training loss</th>
              <th scope="col">Training accuracy</th>
              <th scope="col">Validation loss</th>
              <th scope="col">Validation accuracy</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row[0]!.step}>
                <th scope="row">{Math.round(row[0]!.epoch)}</th>
                <td>{cell(row, 'training', 'loss')}</td>
                <td>{cell(row, 'training', 'accuracy')}</td>
                <td>{cell(row, 'validation', 'loss')}</td>
                <td>{cell(row, 'validation', 'accuracy')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </details>
  );
}

/** How many of the log's last lines are shown. */
const LINES = 12;

function Log({ job, about }: { job: string; about: string }) {
  const { answer, error } = useAsked(`${job} ${about}`, (signal) =>
    ask('studioJobLog', jobLogSchema, { path: { job }, signal }),
  );
  return (
    <Panel title="Output">
      {error && <Notice kind="error">{error.message}</Notice>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard has to reach what scrolls */}
      <section class="log scroll" tabIndex={0} aria-label="The last lines of its output">
        <pre>{answer?.lines.slice(-LINES).join('\n') || 'Nothing yet'}</pre>
      </section>
    </Panel>
  );
}

function Settings({ run: { request } }: { run: StudioRun }) {
  if (!request) return null;
  const { mode, target, values } = request;
  return (
    <Panel title="Settings">
      <Figures
        of={[
          ['Mode', mode],
          ...(target === null ? [] : [['Target', target] as const]),
          ...Object.entries(values).map(([name, value]) => [nameOf(name), valueWords(value)] as const),
        ]}
      />
    </Panel>
  );
}

const sentence = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** Returns a hyperparameter's name in words: `Batch size` for `batchSize`. */
const nameOf = (name: string): string =>
  name.charAt(0).toUpperCase() + name.slice(1).replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

const valueWords = (value: string | boolean) => (typeof value === 'boolean' ? (value ? 'yes' : 'no') : value);
