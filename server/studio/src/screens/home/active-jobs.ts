import type { StudioDataset } from '@swipenet/shared/contract/studio/datasets.ts';
import type { StudioEventData } from '@swipenet/shared/contract/studio/events.ts';
import { addressOf as datasetAddressOf } from '../data/dataset-address.ts';
import { addressOf as evaluationAddressOf } from '../judge/judge-address.ts';

/** What {@link activeJobs} needs. An event that hasn't arrived lists nothing. */
type Known = { readonly [Name in 'jobs' | 'evaluations' | 'reviews']: StudioEventData[Name] | undefined } & {
  readonly datasets: readonly Pick<StudioDataset, 'id' | 'name'>[];
};

/** A job that runs or waits, as Home lists it. */
export interface ActiveJob {
  readonly key: string;
  readonly name: string;
  /** Where the studio shows it. */
  readonly address: string;
  readonly words: string;
}

const TRAINING: Readonly<Record<string, string>> = { running: 'training', stopping: 'stopping', waiting: 'waiting' };

/** Returns all jobs that run or wait: runs that are trained, models that are judged, and labels that are checked. */
export function activeJobs({ jobs, evaluations, reviews, datasets }: Known): ActiveJob[] {
  const runs = (jobs?.jobs ?? []).map(({ id, run, state }) => ({
    ...{ key: id, name: run, address: `/studio/train/${run}` },
    words: TRAINING[state] ?? state,
  }));
  const judged = (evaluations?.evaluations ?? [])
    .filter(({ state }) => state === 'running' || state === 'waiting')
    .map(({ id, subject, state }) => ({
      ...{ key: id, name: subject ? `${subject.model.id} on ${subject.dataset.name}` : id },
      ...{ address: evaluationAddressOf(id), words: state === 'running' ? 'judging' : 'waiting to judge' },
    }));
  const checked = (reviews?.reviews ?? [])
    .filter(({ check }) => check.state === 'running')
    .map(({ dataset }) => ({
      ...{ key: `check-${dataset}`, name: datasets.find(({ id }) => id === dataset)?.name ?? dataset },
      ...{ address: datasetAddressOf(dataset), words: 'checking labels' },
    }));
  return [...runs, ...judged, ...checked];
}
