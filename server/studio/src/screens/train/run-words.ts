import type { RunProgress, RunState, StudioRun } from '@swipenet/shared/contract/studio/runs.ts';
import { formatCount, formatSpan } from '../../parts/format.ts';

const STATES: Readonly<Record<RunState, string>> = {
  waiting: 'Waiting',
  running: 'Training',
  stopping: 'Stopping',
  stopped: 'Stopped',
  finished: 'Finished',
  failed: 'Failed',
  killed: 'Killed',
  damaged: 'Damaged',
};

/** Names a run's state. */
export const stateWords = (state: RunState): string => STATES[state];

/** Explains a run's state, if its name doesn't say it all. */
export function stateHelp(run: Pick<StudioRun, 'state' | 'canResume' | 'progress'>): string | undefined {
  const { state } = run;
  const canResume = run.canResume && run.progress !== null; // before the first step, it starts anew
  if (state === 'waiting') return 'It starts when the jobs before it have ended.';
  if (state === 'stopping') return 'It saves a checkpoint and stops after this step.';
  if (state === 'killed') {
    return `Its process ended without a word, for example because memory ran out.${canResume ? ' It can resume from its last checkpoint.' : ''}`;
  }
  if (state === 'stopped' && canResume) return 'It can resume from its last checkpoint.';
  return undefined;
}

/** Formats how far a run is: `epoch 2.5 of 10`. */
export const progressWords = ({ epoch, epochs }: RunProgress): string =>
  `epoch ${epoch.toFixed(epoch >= 100 ? 0 : 1)} of ${formatCount(epochs)}`;

export const stepWords = ({ step, steps }: RunProgress): string => `${formatCount(step)} of ${formatCount(steps)}`;

export const speedWords = ({ imagesPerSecond }: RunProgress): string => `${imagesPerSecond.toFixed(1)} images/s`;

/** Formats the time that a run still needs: whole minutes of long ones, so that it doesn't flicker. */
export const leftWords = ({ leftMs }: RunProgress): string =>
  leftMs > 600_000 ? formatSpan(Math.round(leftMs / 60_000) * 60_000) : formatSpan(Math.round(leftMs / 1_000) * 1_000);
