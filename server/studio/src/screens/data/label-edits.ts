import type { Label } from '@swipenet/shared/confidence.ts';
import { labelDraftSchema, relabeledSchema } from '@swipenet/shared/contract/studio/photos.ts';
import { useMemo, useState } from 'preact/hooks';
import { ask } from '../../live/ask.ts';
import { useAsked } from '../../parts/use-asked.ts';

/** One change of labels: a photo of each profile that had the other label. */
interface Edit {
  readonly photos: readonly number[];
  readonly label: Label;
}

const otherThan = (label: Label): Label => (label === 'LIKE' ? 'NOPE' : 'LIKE');

/** The changes to a dataset's labels, which the server keeps, and what can be undone here. */
export interface LabelEdits {
  /** The changed labels of profiles, by number. */
  readonly changes: ReadonlyMap<number, Label>;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** Each of these throws AskError, and returns what was done. */
  readonly relabel: (numbers: Uint32Array, label: Label) => Promise<string>;
  readonly undo: () => Promise<string>;
  readonly redo: () => Promise<string>;
  /** Forgets what can be undone, for example after the changes were saved. */
  readonly forget: () => void;
}

/** @param revision changes when any tab has changed labels. */
export function useLabelEdits(dataset: string, revision: string): LabelEdits {
  const [done, setDone] = useState<readonly Edit[]>([]);
  const [undone, setUndone] = useState<readonly Edit[]>([]);
  const path = { dataset };
  const { answer } = useAsked(`${dataset} ${revision}`, (signal) =>
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
  const send = async (numbers: Iterable<number>, label: Label): Promise<readonly number[]> => {
    const body = new Uint8Array(Uint32Array.from(numbers).buffer);
    return (await ask('studioRelabel', relabeledSchema, { path, query: { label }, body })).changed;
  };
  return {
    ...{ changes, canUndo: done.length > 0, canRedo: undone.length > 0 },
    relabel: async (numbers, label) => {
      const photos = await send(numbers, label);
      if (photos.length === 0) return `Already ${label}.`;
      setDone([...done, { photos, label }]);
      setUndone([]);
      return `${photos.length === 1 ? '1 profile is' : `${photos.length} profiles are`} ${label} now.`;
    },
    undo: async () => {
      const edit = done.at(-1);
      if (!edit) return 'There is nothing to undo.';
      await send(edit.photos, otherThan(edit.label));
      setDone(done.slice(0, -1));
      setUndone([...undone, edit]);
      return 'Undone.';
    },
    redo: async () => {
      const edit = undone.at(-1);
      if (!edit) return 'There is nothing to redo.';
      await send(edit.photos, edit.label);
      setUndone(undone.slice(0, -1));
      setDone([...done, edit]);
      return 'Redone.';
    },
    forget: () => {
      setDone([]);
      setUndone([]);
    },
  };
}
