import { studioJobsSchema } from '@swipenet/shared/contract/studio/jobs.ts';
import { removedSchema } from '@swipenet/shared/contract/studio/removal.ts';
import { reportLinkSchema, type StudioRun } from '@swipenet/shared/contract/studio/runs.ts';
import { useState } from 'preact/hooks';
import { ask } from '../../live/ask.ts';
import { live } from '../../live/events.ts';
import { ConfirmRemoval } from '../../parts/confirm-removal.tsx';
import { Said } from '../../parts/said.tsx';
import { useAction } from '../../parts/use-action.ts';
import { useRouteFromHere } from '../../parts/use-route-from-here.ts';

/** What can be done with a run in its state. */
export function RunActions({ run }: { run: StudioRun }) {
  const { name, state, job, canResume, hasReport, hasModel, request } = run;
  const route = useRouteFromHere();
  const { doing, said, act } = useAction();
  const [isAsking, setAsking] = useState(false);
  const isBusy = doing !== undefined;
  const isRunning = state === 'running' || state === 'stopping';
  const canStop = isRunning && job !== null && live.jobs.value?.jobs.some(({ id }) => id === job) === true;
  const canDelete = !isRunning && state !== 'waiting';
  const stop = (how: 'pause' | 'abort') =>
    act(how === 'pause' ? 'Pausing …' : 'Aborting …', async () => {
      await ask('studioJobStop', studioJobsSchema, { path: { job: job! }, body: { how } });
      return how === 'pause' ? 'Asked it to save a checkpoint and stop.' : 'Aborted.';
    });
  const resume = () =>
    act('Resuming …', async () => {
      await ask('studioRunResume', studioJobsSchema, { path: { run: name } });
      return 'Resumed.';
    });
  const unqueue = async () => {
    const isGone = await act('Removing …', async () => {
      await ask('studioJobDelete', studioJobsSchema, { path: { job: job! } });
      return 'Removed.';
    });
    if (isGone) route('/studio/train');
  };
  const remove = async () => {
    setAsking(false);
    const isGone = await act('Deleting …', async () => {
      await ask('studioRunDelete', removedSchema, { path: { run: name } });
      return 'Deleted.';
    });
    if (isGone) route('/studio/train');
  };
  const openReport = () =>
    act('Opening the report …', async () => {
      const { path } = await ask('studioRunReport', reportLinkSchema, { path: { run: name } });
      window.open(path, '_blank', 'noopener');
      return 'Opened the report in a new tab.';
    });
  const isOff = isBusy || state === 'stopping';
  return (
    <>
      <div class="row actions">
        {/* One button, so that the focus stays where it is. */}
        {(canStop || canResume) && (
          <button
            type="button"
            class="first"
            aria-disabled={isOff}
            onClick={() => !isOff && (canStop ? stop('pause') : resume())}
          >
            {canStop ? 'Pause' : run.progress ? 'Resume' : 'Start again'}
          </button>
        )}
        {canStop && (
          <button type="button" disabled={isBusy} onClick={() => stop('abort')}>
            Abort
          </button>
        )}
        {state === 'waiting' && (
          <button type="button" disabled={isBusy} onClick={unqueue}>
            Remove from the queue
          </button>
        )}
        {request && (
          <a class="button" href={`/studio/train?clone=${encodeURIComponent(name)}`}>
            Clone with changes
          </a>
        )}
        {hasReport && (
          <button type="button" disabled={isBusy} onClick={openReport}>
            Open the report
          </button>
        )}
        {hasModel && (
          <a class="button" href={`/studio/models/${name}`}>
            Go to its model
          </a>
        )}
        {canDelete && (
          <button type="button" class="danger" disabled={isBusy} onClick={() => setAsking(true)}>
            Delete
          </button>
        )}
      </div>
      {isAsking && (
        <ConfirmRemoval
          title={`Delete the run ${name}?`}
          route="studioRunRemoval"
          path={{ run: name }}
          onConfirm={remove}
          onCancel={() => setAsking(false)}
        >
          <p>
            You can’t undo this. The run’s checkpoints and its report go with it.
            {hasModel && ' The model that it made stays.'}
          </p>
        </ConfirmRemoval>
      )}
      {canStop && <p class="hint">Pause saves a checkpoint first. Abort loses the steps since the last checkpoint.</p>}
      {isRunning && job === null && (
        <p class="hint">A command in a terminal trains this run. Press Ctrl-C there to pause it.</p>
      )}
      <Said doing={doing} said={said} />
    </>
  );
}
