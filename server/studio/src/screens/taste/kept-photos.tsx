import { DECODED_SIZE } from '@swipenet/shared/photo.ts';
import { useEffect, useRef, useState } from 'preact/hooks';
import { askBytes } from '../../live/ask.ts';
import { useAsked } from '../../parts/use-asked.ts';
import { drawGray } from '../../photos/thumbnail.tsx';

const PHOTO_BYTES = DECODED_SIZE ** 2;

/** Shows the copies of a label's photos that the server keeps, when the person asks for them. */
export function KeptPhotos({ label }: { label: number }) {
  const [isShown, setShown] = useState(false);
  const verb = isShown ? 'Hide' : 'Show';
  return (
    <>
      <button
        type="button"
        aria-expanded={isShown}
        aria-label={`${verb} photos of label ${label}`}
        onClick={() => setShown(!isShown)}
      >
        {verb}
      </button>
      {isShown && <Photos label={label} />}
    </>
  );
}

function Photos({ label }: { label: number }) {
  const { answer, error } = useAsked(String(label), (signal) =>
    askBytes('studioLabelPhotos', { path: { id: label }, signal }),
  );
  if (!answer) return <p>{error ? error.message : 'Loading …'}</p>;
  const count = answer.length / PHOTO_BYTES;
  if (count === 0) return <p>No photos were kept.</p>;
  return (
    <div class="row">
      {Array.from({ length: count }, (_, at) => (
        <Photo
          key={at}
          gray={answer.subarray(at * PHOTO_BYTES, (at + 1) * PHOTO_BYTES)}
          name={`Photo ${at + 1} of label ${label}`}
        />
      ))}
    </div>
  );
}

function Photo({ gray, name }: { gray: Uint8Array; name: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => drawGray(canvas.current!, gray, DECODED_SIZE), [gray]);
  return (
    <canvas ref={canvas} class="thumbnail" width={DECODED_SIZE} height={DECODED_SIZE} role="img" aria-label={name} />
  );
}
