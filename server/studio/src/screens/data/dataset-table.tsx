import { PARTS, type StudioDataset } from '@swipenet/shared/contract/studio/datasets.ts';
import type { DatasetReview } from '@swipenet/shared/contract/studio/photos.ts';
import { removedSchema } from '@swipenet/shared/contract/studio/removal.ts';
import { useRef, useState } from 'preact/hooks';
import { ask } from '../../live/ask.ts';
import { ConfirmRemoval } from '../../parts/confirm-removal.tsx';
import { formatCount } from '../../parts/format.ts';
import { Said } from '../../parts/said.tsx';
import { Scroll } from '../../parts/scroll.tsx';
import { useAction } from '../../parts/use-action.ts';
import { addressOf } from './dataset-address.ts';

/** Lists datasets with what they contain. */
export function DatasetTable({
  datasets,
  reviews,
}: {
  datasets: readonly StudioDataset[];
  reviews: readonly DatasetReview[];
}) {
  const { doing, said, act } = useAction();
  const [asked, setAsked] = useState<StudioDataset>();
  const all = useRef<HTMLDivElement>(null);
  const remove = async ({ id, name }: StudioDataset) => {
    setAsked(undefined);
    const isGone = await act(`Deleting ${name} …`, async () => {
      await ask('studioDatasetDelete', removedSchema, { path: { dataset: id } });
      return `Deleted ${name}.`;
    });
    if (isGone) all.current?.focus(); // its row is gone, and the button in it
  };
  return (
    <div ref={all} tabIndex={-1}>
      {datasets.length === 0 ? (
        <p>The server doesn’t know any dataset yet. Make one below from two folders of photos.</p>
      ) : (
        <Table datasets={datasets} reviews={reviews} onDelete={setAsked} />
      )}
      <Said doing={doing} said={said} />
      {asked && (
        <ConfirmRemoval
          title={`Delete the dataset ${asked.name}?`}
          route="studioDatasetRemoval"
          path={{ dataset: asked.id }}
          onConfirm={() => remove(asked)}
          onCancel={() => setAsked(undefined)}
        >
          <p>You can’t undo this. Models and evaluations stay.</p>
        </ConfirmRemoval>
      )}
    </div>
  );
}

function Table({
  datasets,
  reviews,
  onDelete,
}: {
  datasets: readonly StudioDataset[];
  reviews: readonly DatasetReview[];
  onDelete: (dataset: StudioDataset) => void;
}) {
  return (
    <Scroll label="Datasets">
      <table class="datasets">
        <thead>
          <tr>
            <th scope="col">Dataset</th>
            <th scope="col">Photos</th>
            <th scope="col">LIKE</th>
            <th scope="col">NOPE</th>
            <th scope="col">Splits</th>
            <th scope="col">Left out</th>
            <th scope="col">Changes</th>
            <th scope="col">Delete</th>
          </tr>
        </thead>
        <tbody>
          {datasets.map((dataset) => (
            <Row
              key={dataset.folder}
              dataset={dataset}
              onDelete={() => onDelete(dataset)}
              changed={changesIn(reviews.find((review) => review.dataset === dataset.id))}
            />
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

const changesIn = (review: DatasetReview | undefined) => (review ? review.changed + review.dropped : 0);

function Row({
  dataset: { id, name, folder, about, isOwn },
  changed,
  onDelete,
}: {
  dataset: StudioDataset;
  changed: number;
  onDelete: () => void;
}) {
  const removal = (
    <td>
      {isOwn ? (
        <button type="button" class="danger" aria-label={`Delete ${name}`} onClick={onDelete}>
          Delete
        </button>
      ) : (
        '–'
      )}
    </td>
  );
  if ('error' in about) {
    return (
      <tr>
        <th scope="row">{name}</th>
        <td colSpan={6}>{about.error}</td>
        {removal}
      </tr>
    );
  }
  const { photos, parts, leftOut } = about;
  const ofLabel = (label: 'LIKE' | 'NOPE') => PARTS.reduce((sum, part) => sum + parts[part][label].photos, 0);
  return (
    <tr>
      <th scope="row">
        <a href={addressOf(id)} title={folder}>
          {name}
        </a>
      </th>
      <td>{formatCount(photos)}</td>
      <td>{formatCount(ofLabel('LIKE'))}</td>
      <td>{formatCount(ofLabel('NOPE'))}</td>
      <td>{PARTS.map((part) => formatCount(parts[part].LIKE.photos + parts[part].NOPE.photos)).join(' / ')}</td>
      <td>{formatCount(leftOut)}</td>
      <td>{changed === 0 ? '–' : formatCount(changed)}</td>
      {removal}
    </tr>
  );
}
