import {
  DATASET_NAME,
  type DatasetReview,
  datasetMadeSchema,
  datasetReviewsSchema,
} from '@swipenet/shared/contract/studio/photos.ts';
import { useState } from 'preact/hooks';
import { ask } from '../../live/ask.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Said } from '../../parts/said.tsx';
import { type Action, useAction } from '../../parts/use-action.ts';
import { useRouteFromHere } from '../../parts/use-route-from-here.ts';
import { addressOf } from './dataset-address.ts';
import { nextName } from './next-name.ts';

/** Saves the changed labels, without the dropped photos, as a new dataset, or forgets all that. */
export function SaveVersion({
  dataset,
  name,
  taken,
  review: { changed, dropped },
  action,
  onDone,
}: {
  dataset: string;
  name: string;
  taken: readonly string[];
  review: Pick<DatasetReview, 'changed' | 'dropped'>;
  /** What changes the dataset. */
  action: Pick<Action, 'inTurn'>;
  /** Called when the changes are saved or forgotten. */
  onDone: () => void;
}) {
  const route = useRouteFromHere();
  const { doing, said, act } = useAction(action);
  const [newName, setNewName] = useState(() => nextName(name, taken));
  const [isAsking, setAsking] = useState(false);
  const path = { dataset };
  const isUnchanged = changed + dropped === 0;
  const save = async (event: SubmitEvent) => {
    event.preventDefault();
    await act('Saving …', async () => {
      const { id } = await ask('studioVersionSave', datasetMadeSchema, { path, body: { name: newName } });
      onDone();
      route(addressOf(id));
      return `Saved as ${newName}.`;
    });
  };
  const discard = async () => {
    setAsking(false);
    await act('Discarding …', async () => {
      await ask('studioDraftDiscard', datasetReviewsSchema, { path });
      onDone();
      return 'The changes are discarded.';
    });
  };
  return (
    <Panel title="Changes">
      <p>
        {changed === 0
          ? 'No label is changed.'
          : `${changed === 1 ? '1 profile has' : `${changed} profiles have`} another label.`}
        {dropped > 0 && ` ${dropped === 1 ? '1 photo is' : `${dropped} photos are`} dropped.`}
      </p>
      <p class="hint">The server keeps changes until you save or discard them. {name} itself stays as it is.</p>
      <form onSubmit={save}>
        <div class="field">
          <label for="version-name">Name of the new version</label>
          <input
            id="version-name"
            type="text"
            required
            pattern={DATASET_NAME.source.slice(1, -1)}
            value={newName}
            onInput={(event) => setNewName(event.currentTarget.value)}
          />
        </div>
        <div class="row">
          <button type="submit" class="first" disabled={isUnchanged || doing !== undefined}>
            Save as a new version
          </button>
          <button type="button" disabled={isUnchanged || doing !== undefined} onClick={() => setAsking(true)}>
            Discard
          </button>
        </div>
      </form>
      <Said doing={doing} said={said} />
      {isAsking && (
        <Confirm title="Discard the changes?" action="Discard" onConfirm={discard} onCancel={() => setAsking(false)}>
          <p>
            Every label of {name} will be as it was, and no photo will be dropped. Look-alikes that you keep both of
            stay judged.
          </p>
        </Confirm>
      )}
    </Panel>
  );
}
