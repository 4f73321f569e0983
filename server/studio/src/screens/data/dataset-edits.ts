import type { Label } from '@swipenet/shared/confidence.ts';
import {
  labelDraftSchema,
  type PhotoDrops,
  pairKey,
  photoDropsSchema,
  relabeledSchema,
} from '@swipenet/shared/contract/studio/photos.ts';
import { useMemo, useReducer, useState } from 'preact/hooks';
import { type AskError, ask } from '../../live/ask.ts';
import { useAsked } from '../../parts/use-asked.ts';
import { EditHistory } from './edit-history.ts';

const otherThan = (label: Label): Label => (label === 'LIKE' ? 'NOPE' : 'LIKE');

/** The changes to a dataset, which the server keeps, and what can be undone here. */
export interface DatasetEdits {
  /** The changed labels of profiles, by number. */
  readonly changes: ReadonlyMap<number, Label>;
  /** The numbers of the photos that the next version leaves out. */
  readonly dropped: ReadonlySet<number>;
  /** The look-alikes that a person keeps both of, by {@link pairKey}. */
  readonly keptPairs: ReadonlySet<string>;
  /** Whether the server has said which changes there are. */
  readonly isKnown: boolean;
  /** Why the server didn't answer the last time. */
  readonly error: AskError | undefined;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** Each of these throws AskError, and returns what was done. */
  readonly relabel: (numbers: Uint32Array, label: Label) => Promise<string>;
  /** @param show shows the photos again when this is undone. */
  readonly drop: (drops: PhotoDrops, show: () => void) => Promise<string>;
  readonly undo: () => Promise<string>;
  readonly redo: () => Promise<string>;
  /** Forgets what can be undone, for example after the changes were saved. */
  readonly forget: () => void;
}

/** @param revision changes when any tab has changed something. */
export function useDatasetEdits(dataset: string, revision: string): DatasetEdits {
  const [, redraw] = useReducer((times: number) => times + 1, 0);
  const [history] = useState(() => new EditHistory(() => redraw(undefined)));
  const path = { dataset };
  const { answer, error } = useAsked(`${dataset} ${revision}`, (signal) =>
    ask('studioDraft', labelDraftSchema, { path, signal }),
  );
  const changes = useMemo(
    () =>
      new Map<number, Label>([
        ...(answer?.LIKE ?? []).map((profile) => [profile, 'LIKE'] as const),
        ...(answer?.NOPE ?? []).map((profile) => [profile, 'NOPE'] as const),
      ]),
    [answer],
  );
  const dropped = useMemo(() => new Set(answer?.dropped), [answer]);
  const keptPairs = useMemo(() => new Set(answer?.keptPairs.map(pairKey)), [answer]);
  const sendLabel = async (numbers: Iterable<number>, label: Label): Promise<readonly number[]> => {
    const body = new Uint8Array(Uint32Array.from(numbers).buffer);
    return (await ask('studioRelabel', relabeledSchema, { path, query: { label }, body })).changed;
  };
  const sendDrops = (body: PhotoDrops) => ask('studioDrop', photoDropsSchema, { path, body });
  return {
    ...{ changes, dropped, keptPairs, isKnown: answer !== undefined, error },
    ...{ canUndo: history.canUndo, canRedo: history.canRedo },
    relabel: async (numbers, label) => {
      const photos = await sendLabel(numbers, label);
      if (photos.length === 0) return `Already ${label}.`;
      history.keep({ make: () => sendLabel(photos, label), takeBack: () => sendLabel(photos, otherThan(label)) });
      return `${photos.length === 1 ? '1 profile is' : `${photos.length} profiles are`} ${label} now.`;
    },
    drop: async (drops, show) => {
      const changed = await sendDrops(drops);
      if (Object.values(changed).every(({ length }) => length === 0)) return 'Nothing to change.';
      const { drop, keep, keepPairs, reopenPairs } = changed;
      const back = { drop: keep, keep: drop, keepPairs: reopenPairs, reopenPairs: keepPairs };
      history.keep({ make: () => sendDrops(changed), takeBack: () => sendDrops(back), show });
      return 'Changed.';
    },
    undo: async () => ((await history.undo()) ? 'Undone.' : 'There is nothing to undo.'),
    redo: async () => ((await history.redo()) ? 'Redone.' : 'There is nothing to redo.'),
    forget: () => history.forget(),
  };
}
