import { useEffect, useId, useRef } from 'preact/hooks';
import type { JudgedEvaluation } from '../../evaluations/judged-evaluation.ts';
import { Figures } from '../../parts/panel.tsx';
import { FullPhoto } from '../../photos/full-photo.tsx';
import { useFacts } from '../../photos/known-facts.ts';
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
  const id = useId();
  const dataset = judged.subject.dataset.id;
  const facts = useFacts(dataset, '', number);
  useEffect(() => dialog.current?.showModal(), []);
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
      <FullPhoto dataset={dataset} number={number} name={`Photo ${number}, labeled ${label}`} />
      <Figures
        of={[
          ['Label', label],
          ['LIKE confidence', words],
          ...(loss === undefined ? [] : [['Loss', loss.toFixed(3)] as const]),
          ['Profile', profile],
          ['File', facts?.path ?? '…'],
          ['ID', facts?.id ?? '…'],
        ]}
      />
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
