import { formatPercent } from '@swipenet/shared/confidence.ts';
import { type SwipeList, swipeDeletedSchema, swipeListSchema } from '@swipenet/shared/contract/swipes.ts';
import { useState } from 'preact/hooks';
import { ask } from '../../live/ask.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { formatDate } from '../../parts/format.ts';
import { Notice } from '../../parts/notice.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Said } from '../../parts/said.tsx';
import { useAction } from '../../parts/use-action.ts';
import { useAsked } from '../../parts/use-asked.ts';
import { KeptPhotos } from './kept-photos.tsx';

type Label = SwipeList['swipes'][number];

/** The person's labels, the newest first, a page at a time. Each can be deleted. */
export function LabelsPanel(props: {
  /** Changes when labels come or go. The list then begins anew. */
  about: string;
  keepsPhotos: boolean;
  onChange: () => void;
}) {
  const { about, keepsPhotos, onChange } = props;
  const { answer, error, again } = useAsked(about, (signal) => ask('swipeList', swipeListSchema, { signal }));
  const [loaded, setLoaded] = useState<{ readonly below: SwipeList; readonly older: SwipeList }>();
  const { doing, said, act } = useAction();
  const [toDelete, setToDelete] = useState<Label>();
  if (!answer) return error ? <Notice kind="error">{error.message}</Notice> : <p>Asking the server …</p>;

  const older = loaded?.below === answer ? loaded?.older : undefined;
  const labels = [...answer.swipes, ...(older?.swipes ?? [])];
  const next = older ? older.next : answer.next;
  const showMore = () =>
    act('Loading older labels …', async () => {
      const more = await ask('swipeList', swipeListSchema, { query: { cursor: next! } });
      setLoaded({ below: answer, older: { swipes: [...(older?.swipes ?? []), ...more.swipes], next: more.next } });
      return `${labels.length + more.swipes.length} labels are shown.`;
    });
  const remove = async ({ id }: Label) => {
    setToDelete(undefined);
    await act('Deleting the label …', async () => {
      await ask('swipeDelete', swipeDeletedSchema, { path: { id } });
      return `Deleted label ${id}.`;
    });
    again();
    onChange();
  };
  return (
    <Panel title="Labels">
      <p class="hint">
        {keepsPhotos
          ? 'The server keeps a small gray copy of swiped photos (--taste-keep-photos).'
          : 'The server keeps no photos, names or addresses, only what the network saw in them as numbers.'}{' '}
        A deleted label counts no longer, and the next version isn’t learned from it.
      </p>
      <Said doing={doing} said={said} />
      {error && <Notice kind="error">{error.message}</Notice>}
      {labels.length === 0 ? (
        <p>There are no labels yet. Swipe with the extension in Learn mode.</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard has to reach what scrolls
        <section class="scroll taste-table" tabIndex={0} aria-label="Table of labels">
          <table>
            <thead>
              <tr>
                {['Label', 'Date', 'Site', 'Swipe', 'Swipenet', 'Photos', 'Action'].map((name) => (
                  <th key={name} scope="col">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {labels.map((label) => (
                <Row
                  key={label.id}
                  label={label}
                  keepsPhotos={keepsPhotos}
                  isBusy={doing !== undefined}
                  onDelete={() => setToDelete(label)}
                />
              ))}
            </tbody>
          </table>
        </section>
      )}
      {next !== null && (
        <div class="row">
          <button type="button" disabled={doing !== undefined} onClick={showMore}>
            Show older labels
          </button>
        </div>
      )}
      {toDelete && (
        <Confirm
          title={`Delete label ${toDelete.id}?`}
          action="Delete"
          onConfirm={() => remove(toDelete)}
          onCancel={() => setToDelete(undefined)}
        >
          <p>
            The {toDelete.swipe === 'right' ? 'like' : 'pass'} on {toDelete.site} of {formatDate(toDelete.at)} is
            deleted for good, with what was kept of its photos.
          </p>
        </Confirm>
      )}
    </Panel>
  );
}

function Row(props: { label: Label; keepsPhotos: boolean; isBusy: boolean; onDelete: () => void }) {
  const { label, keepsPhotos, isBusy, onDelete } = props;
  const { id, at, site, swipe, photos, photoCount } = label;
  return (
    <tr>
      <th scope="row">{id}</th>
      <td>{formatDate(at)}</td>
      <td>{site}</td>
      <td class={swipe === 'right' ? 'taste-like' : 'taste-pass'}>{swipe === 'right' ? '→ like' : '← pass'}</td>
      <td>{beforeText(label)}</td>
      <td>
        {photos === photoCount ? photos : `${photos} of ${photoCount}`}{' '}
        {keepsPhotos && photos > 0 && <KeptPhotos label={id} />}
      </td>
      <td>
        <button type="button" class="danger" aria-label={`Delete label ${id}`} disabled={isBusy} onClick={onDelete}>
          Delete
        </button>
      </td>
    </tr>
  );
}

/** Says what would have been done before the person swiped: `→ right, 71.00%, by taste-0003 (hidden)`. */
function beforeText({ before, verdict }: Label): string {
  if (!before) return 'not decided yet';
  const { decision, decidedBy, probability, model } = before;
  const act = { right: '→ right', left: '← left', hold: 'left to you' }[decision];
  const by = decidedBy === 'rule' ? 'your rule' : (model ?? 'the network');
  return [act, ...(probability === null ? [] : [formatPercent(probability)]), `by ${by} (${verdict})`].join(', ');
}
