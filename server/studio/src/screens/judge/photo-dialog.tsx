import { evaluatedPhotoSchema } from '@swipenet/shared/contract/studio/evaluations.ts';
import { DECODED_SIZE } from '@swipenet/shared/photo.ts';
import { useEffect, useId, useRef } from 'preact/hooks';
import type { JudgedEvaluation } from '../../evaluations/judged-evaluation.ts';
import { ask } from '../../live/ask.ts';
import { Notice } from '../../parts/notice.tsx';
import { Figures } from '../../parts/panel.tsx';
import { useAsked } from '../../parts/use-asked.ts';
import { drawGray } from '../../photos/thumbnail.tsx';
import type { Picture } from './picture.ts';

/** A photo as the network gets it, and what is known about it. The arrow keys open the ones beside it. */
export function PhotoDialog(props: {
  judged: JudgedEvaluation;
  picture: Picture;
  onStep: (by: number) => void;
  onClose: () => void;
}) {
  const { judged, picture, onStep, onClose } = props;
  const { number, label, profile, words, loss } = picture;
  const dialog = useRef<HTMLDialogElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const id = useId();
  const { answer, error } = useAsked(`${judged.id} ${number}`, (signal) =>
    ask('studioEvaluationPhoto', evaluatedPhotoSchema, { path: { evaluation: judged.id, photo: number }, signal }),
  );
  const photo = answer?.number === number ? answer : undefined;
  useEffect(() => dialog.current?.showModal(), []);
  useEffect(() => {
    if (photo) drawGray(canvas.current!, bytesOf(photo.gray), DECODED_SIZE);
    else canvas.current?.getContext('2d')?.clearRect(0, 0, DECODED_SIZE, DECODED_SIZE);
  }, [photo]);
  return (
    <dialog
      ref={dialog}
      class="photo"
      aria-labelledby={id}
      onClose={onClose}
      onKeyDown={({ key }) => {
        if (key === 'ArrowLeft' || key === 'ArrowRight') onStep(key === 'ArrowLeft' ? -1 : 1);
      }}
    >
      <h2 id={id}>Photo {number}</h2>
      <canvas
        ref={canvas}
        class="full"
        width={DECODED_SIZE}
        height={DECODED_SIZE}
        role="img"
        aria-label={`Photo ${number}, labeled ${label}`}
      />
      <Figures
        of={[
          ['Label', label],
          ['LIKE confidence', words],
          ...(loss === undefined ? [] : [['Loss', loss.toFixed(3)] as const]),
          ['Profile', profile],
          ['File', photo?.path ?? '…'],
          ['ID', photo?.id ?? '…'],
        ]}
      />
      {error && <Notice kind="error">{error.message}</Notice>}
      <div class="row">
        <button type="button" onClick={() => onStep(-1)}>
          Previous photo
        </button>
        <button type="button" onClick={() => onStep(1)}>
          Next photo
        </button>
        <button type="button" class="first" onClick={() => dialog.current?.close()}>
          Close
        </button>
      </div>
    </dialog>
  );
}

const bytesOf = (base64: string) => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
