import { formatPercent, labelOf } from '@swipenet/shared/confidence.ts';
import type { DecisionText } from './decision-text.ts';
import { type Heat, Picture } from './picture.tsx';
import { likeOf, removePhoto, type TriedPhoto } from './tried-photos.ts';

/** A photo with its confidence, or with what is wrong with it. */
export function PhotoCard(props: {
  photo: TriedPhoto;
  /** Its place among the photos as they were added, starting at 1. */
  number: number;
  /** Its place by confidence, if the photos are ranked. */
  rank: number | undefined;
  heat: Heat | undefined;
  /** The threshold that is tried, and that of the model. */
  threshold: { readonly tried: number; readonly own: number };
  /** The decision of the profile that this photo is alone, if it is. */
  decision: DecisionText | undefined;
  onLayers: () => void;
}) {
  const { photo, number, rank, heat, threshold, decision, onLayers } = props;
  return (
    <li class="try-card">
      <Picture photo={photo} heat={heat} />
      <p class="try-name">
        {rank !== undefined && <strong>#{rank} · </strong>}
        Photo {number}: {photo.name}
      </p>
      <Outcome photo={photo} threshold={threshold} />
      {decision && (
        <p class="try-outcome">
          {decision.act}: {decision.reason}
        </p>
      )}
      <div class="row">
        <button
          type="button"
          aria-label={`Layers of photo ${number}`}
          disabled={likeOf(photo) === null}
          onClick={onLayers}
        >
          Layers
        </button>
        <button type="button" aria-label={`Remove photo ${number}`} onClick={() => removePhoto(photo.id)}>
          Remove
        </button>
      </div>
    </li>
  );
}

function Outcome({
  photo,
  threshold,
}: {
  photo: TriedPhoto;
  threshold: { readonly tried: number; readonly own: number };
}) {
  const { result } = photo;
  if (result && 'problem' in result) return <p class="try-outcome try-problem">! {result.problem}.</p>;
  const like = likeOf(photo);
  if (like === null) return <p class="try-outcome hint">Not scored yet</p>;
  const label = labelOf(like, threshold.tried);
  const changes = label !== labelOf(like, threshold.own);
  return (
    <>
      <meter class="try-confidence" min={0} max={1} value={like} aria-label="LIKE confidence">
        {formatPercent(like)}
      </meter>
      <p class="try-outcome">
        <strong>{formatPercent(like)}</strong>{' '}
        <span class={label === 'LIKE' ? 'try-like' : 'try-nope'}>
          {label === 'LIKE' ? '✓' : '✕'} {label}
        </span>
        {changes && <em> (changed)</em>}
      </p>
    </>
  );
}
