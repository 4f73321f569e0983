import { PARTS, type StudioDataset } from '@swipenet/shared/contract/studio/datasets.ts';
import type { DatasetReview } from '@swipenet/shared/contract/studio/photos.ts';
import { formatCount } from '../../parts/format.ts';
import { Scroll } from '../../parts/scroll.tsx';
import { addressOf } from './dataset-address.ts';

/** Lists datasets with what they contain. */
export function DatasetTable({
  datasets,
  reviews,
}: {
  datasets: readonly StudioDataset[];
  reviews: readonly DatasetReview[];
}) {
  if (datasets.length === 0) {
    return <p>The server doesn’t know any dataset yet. Make one below from two folders of photos.</p>;
  }
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
          </tr>
        </thead>
        <tbody>
          {datasets.map((dataset) => (
            <Row
              key={dataset.folder}
              {...dataset}
              changed={changesIn(reviews.find((review) => review.dataset === dataset.id))}
            />
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

const changesIn = (review: DatasetReview | undefined) => (review ? review.changed + review.dropped : 0);

function Row({ id, name, folder, about, changed }: StudioDataset & { changed: number }) {
  if ('error' in about) {
    return (
      <tr>
        <th scope="row">{name}</th>
        <td colSpan={6}>{about.error}</td>
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
    </tr>
  );
}
