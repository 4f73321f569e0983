import type { Label } from '../../messages.ts';
import { type LabelStep, type Labels, NO_LABELS, type Sending } from '../../storage/labels.ts';

/** How many labels to keep while the server is away. The oldest is lost first: its features expire first, too. */
const MAX_SENDING = 500;

/** How many ended labels to remember. It is the default limit of swipes per day. */
const MAX_ENDED = 300;

/** For how long a label can be corrected. The server keeps the features of its photos for as long. */
const CORRECTABLE_MS = 24 * 3_600_000;

/** A swipe of the person, with the label's id. */
export type NewLabel = Pick<Sending, 'id' | 'atMs' | 'label'>;

/** A label that can be corrected. `own` is true for a swipe of Swipenet's own, which nobody has corrected yet. */
export type RecentLabel = NewLabel & { readonly own: boolean };

/** A label to take back: its id here and, if it has arrived, on the server. */
export interface RemovedLabel {
  readonly id: string;
  readonly swipeId: number | undefined;
}

type Ended = Labels['ended'][number];

/**
 * Adds a label, unless it was added or taken back before. A label without a score ID counts, but nothing can be learned
 * from it.
 */
export function addLabel(labels: Labels, added: NewLabel): Labels {
  return isKnown(labels, added.id) ? labels : withSending(labels, added);
}

/** Remembers a swipe of Swipenet's own, so that the person can correct it. Nothing of it is sent before. */
export function addOwnSwipe(labels: Labels, { id, ...kept }: NewLabel): Labels {
  if (isKnown(labels, id) || kept.label.scoreId === undefined) return labels;
  return withEnded(labels, { id, kept: { swipeId: null, ...kept } });
}

/** Takes back a label and its corrections. One that may have arrived is deleted on the server. */
export function removeLabel(labels: Labels, id: string): Labels {
  const steps = labels.steps.flatMap((step): LabelStep[] => {
    if (step.kind !== 'send' || step.id !== id) return [step];
    return step.state === 'new' ? [] : [{ ...step, state: 'unwanted' }];
  });
  const swipeId = labels.ended.find((ended) => ended.id === id)?.kept?.swipeId ?? null;
  const removed = withEnded({ ...labels, steps }, { id });
  if (swipeId === null) return removed;
  return withStep(removed, (key) => ({ kind: 'delete', key, swipeId }));
}

/**
 * Takes back many labels. Of one that is no longer remembered here, only its id on the server at `address` says what to
 * delete there.
 */
export function removeLabels(labels: Labels, removed: readonly RemovedLabel[], address: string): Labels {
  const isKnownThere = removed.some(({ swipeId }) => swipeId !== undefined);
  return removed.reduce(
    (left, { id, swipeId }) => {
      if (isKnown(left, id)) return removeLabel(left, id);
      return swipeId === undefined ? left : withStep(left, (key) => ({ kind: 'delete', key, swipeId }));
    },
    isKnownThere ? labelsFor(address, labels) : labels,
  );
}

/** Returns how many labels the server has yet to delete. */
export function pendingDeletions({ steps }: Labels): number {
  return steps.filter((step) => step.kind === 'delete' || step.state === 'unwanted').length;
}

/**
 * Adds a correction of a label: the same profile with the other swipe. The person has seen the verdict by now, so it
 * doesn't count for agreement. Returns the labels unchanged if the label is unknown or older than a day.
 */
export function correctLabel(labels: Labels, id: string, swipe: Label['swipe'], nowMs: number): Labels {
  const last = findLabel(labels, id);
  if (!last || nowMs - last.atMs > CORRECTABLE_MS) return labels;
  const { label, atMs } = last;
  const verdict = label.decision === undefined ? 'none' : 'shown';
  return withSending(labels, { id, atMs, label: { ...label, swipe, verdict } });
}

/** Returns what the person can correct now, newest first. */
export function correctableLabels(labels: Labels, nowMs: number): RecentLabel[] {
  return recentLabels(labels)
    .filter(({ atMs }) => nowMs - atMs <= CORRECTABLE_MS)
    .toReversed();
}

/** Returns a label as it was added or corrected last, or undefined if it is unknown or was taken back. */
export function findLabel(labels: Labels, id: string): RecentLabel | undefined {
  return recentLabels(labels).findLast((label) => label.id === id);
}

/** True if a swipe of the person is kept as a label, whether or not the server has it yet. */
export function isLabel(labels: Labels, id: string): boolean {
  return findLabel(labels, id)?.own === false;
}

/** Returns the labels and own swipes that are kept, each with its last correction, in the order of the swipes. */
export function recentLabels({ steps, ended }: Labels): RecentLabel[] {
  const byId = new Map<string, RecentLabel>();
  for (const { id, kept } of ended) {
    if (kept) byId.set(id, { id, atMs: kept.atMs, label: kept.label, own: kept.swipeId === null });
  }
  for (const step of steps) {
    if (step.kind !== 'send' || step.state === 'unwanted') continue;
    const { id, atMs, label } = step;
    byId.set(id, { id, atMs, label, own: false });
  }
  return [...byId.values()].toSorted((one, other) => one.atMs - other.atMs);
}

/** Notes that a label is about to be sent, so that it may have arrived from now on. */
export function trySending(labels: Labels, key: number): Labels {
  const step = labels.steps.find((one) => one.key === key);
  if (step?.kind !== 'send' || step.state !== 'new') return labels;
  return withSteps(labels, key, () => [{ ...step, state: 'tried' }]);
}

/** Notes that a label has arrived. If it was taken back in the meantime, it is deleted next. */
export function arrived(labels: Labels, key: number, swipeId: number): Labels {
  const step = labels.steps.find((one) => one.key === key);
  if (step?.kind !== 'send') return labels;
  if (step.state === 'unwanted') return withSteps(labels, key, () => [{ kind: 'delete', key, swipeId }]);
  const { id, atMs, label } = step;
  return withEnded(
    withSteps(labels, key, () => []),
    { id, kept: { swipeId, atMs, label } },
  );
}

/** Sends a label without its score, which the server no longer keeps. */
export function withoutScore(labels: Labels, key: number): Labels {
  return withSteps(labels, key, (step) => {
    if (step.kind !== 'send') return [step];
    const { scoreId: _forgotten, ...label } = step.label;
    return [{ ...step, label }];
  });
}

/** Gives up on a label that the server refuses for good, and counts it as lost unless it was taken back. */
export function refused(labels: Labels, key: number): Labels {
  const step = labels.steps.find((one) => one.key === key);
  const rest = withSteps(labels, key, () => []);
  return step?.kind === 'send' && step.state !== 'unwanted' ? withLost(rest, step.id) : rest;
}

/** Notes that a deletion is done. */
export function deleted(labels: Labels, key: number): Labels {
  return withSteps(labels, key, () => []);
}

/** Removes everything. A key is never used twice, because an answer may still arrive for it. */
export const emptied = ({ nextKey }: Labels): Labels => ({ ...NO_LABELS, nextKey });

/** Labels for a server. Those of another server are dropped, because this one must not receive them. */
export function labelsFor(address: string, labels: Labels): Labels {
  if (labels.server === address) return labels;
  return { ...(labels.server === '' ? labels : emptied(labels)), server: address };
}

const isKnown = ({ steps, ended }: Labels, id: string) =>
  ended.some((one) => one.id === id) || steps.some((step) => step.kind === 'send' && step.id === id);

function withSending(labels: Labels, { id, atMs, label }: NewLabel): Labels {
  const added = withStep(labels, (key) => ({ kind: 'send', key, id, atMs, label, state: 'new' }));
  if (added.steps.filter((step) => step.kind === 'send').length <= MAX_SENDING) return added;
  const oldest = added.steps.find((step) => step.kind === 'send' && step.state === 'new') as Sending;
  return withLost(
    withSteps(added, oldest.key, () => []),
    oldest.id,
  );
}

function withStep(labels: Labels, stepOf: (key: number) => LabelStep): Labels {
  const { nextKey, steps } = labels;
  return { ...labels, nextKey: nextKey + 1, steps: [...steps, stepOf(nextKey)] };
}

/** Replaces a step. */
function withSteps(labels: Labels, key: number, replace: (step: LabelStep) => LabelStep[]): Labels {
  return { ...labels, steps: labels.steps.flatMap((step) => (step.key === key ? replace(step) : [step])) };
}

/** Counts a label as lost. What the server has of it, before a correction, stays. */
function withLost(labels: Labels, id: string): Labels {
  const before = labels.ended.find((ended) => ended.id === id);
  return { ...withEnded(labels, before ?? { id }), lost: labels.lost + 1 };
}

function withEnded(labels: Labels, ended: Ended): Labels {
  return { ...labels, ended: [...labels.ended.filter(({ id }) => id !== ended.id), ended].slice(-MAX_ENDED) };
}
