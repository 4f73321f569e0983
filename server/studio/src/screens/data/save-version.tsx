import { DATASET_NAME, datasetMadeSchema, datasetReviewsSchema } from '@swipenet/shared/contract/studio/photos.ts';
import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { ask } from '../../live/ask.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Said } from '../../parts/said.tsx';
import { useAction } from '../../parts/use-action.ts';
import { addressOf } from './dataset-address.ts';
import { nextName } from './next-name.ts';

/** Saves the changed labels as a new dataset, or forgets them. */
export function SaveVersion({
  dataset,
  name,
  taken,
  changed,
  onDone,
}: {
  dataset: string;
  name: string;
  taken: readonly string[];
  changed: number;
  /** Called when the changes are saved or forgotten. */
  onDone: () => void;
}) {
  const { route } = useLocation();
  const { doing, said, act } = useAction();
  const [newName, setNewName] = useState(() => nextName(name, taken));
  const [isAsking, setAsking] = useState(false);
  const path = { dataset };
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
    <Panel title="Changed labels">
      <p>
        {changed === 0
          ? 'No label is changed.'
          : `${changed === 1 ? '1 profile has' : `${changed} profiles have`} another label.`}
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
          <button type="submit" class="first" disabled={changed === 0 || doing !== undefined}>
            Save as a new version
          </button>
          <button type="button" disabled={changed === 0 || doing !== undefined} onClick={() => setAsking(true)}>
            Discard
          </button>
        </div>
      </form>
      <Said doing={doing} said={said} />
      {isAsking && (
        <Confirm
          title="Discard the changed labels?"
          action="Discard"
          onConfirm={discard}
          onCancel={() => setAsking(false)}
        >
          <p>Every label of {name} will be as it was.</p>
        </Confirm>
      )}
    </Panel>
  );
}
