import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { JudgedEvaluation } from '../../evaluations/judged-evaluation.ts';
import { formatCount } from '../../parts/format.ts';
import { Thumbnail } from '../../photos/thumbnail.tsx';
import { PhotoDialog } from './photo-dialog.tsx';
import type { Entry, Picture } from './picture.ts';

/** How many entries a page shows. */
const PAGE = { photos: 24, profiles: 6 };

/** Shows entries page by page. Each picture opens in full size, with what is known about it. */
export function Pictures(props: {
  judged: JudgedEvaluation;
  count: number;
  entryAt: (place: number) => Entry;
  unit: keyof typeof PAGE;
}) {
  const { judged, count, entryAt, unit } = props;
  const [page, setPage] = useState(0);
  const [open, setOpen] = useState<Picture>();
  const size = PAGE[unit];
  const first = Math.min(page, Math.max(0, Math.ceil(count / size) - 1)) * size; // fewer than before
  const shown = Array.from({ length: Math.min(size, count - first) }, (_, at) => entryAt(first + at));
  const all = shown.flatMap(({ pictures }) => pictures);
  const step = (by: number) => {
    const at = all.findIndex(({ number }) => number === open?.number);
    setOpen(all[Math.min(all.length - 1, Math.max(0, at + by))]);
  };
  if (count === 0) return <p>None.</p>;
  return (
    <>
      <ul class={`pictures ${unit}`}>
        {shown.map(({ key, title, pictures }) => (
          <li key={key}>
            {title !== undefined && <h3>{title}</h3>}
            <div class="strip">
              {pictures.map((picture) => (
                <PictureButton key={picture.number} {...{ judged, picture }} onOpen={() => setOpen(picture)} />
              ))}
            </div>
          </li>
        ))}
      </ul>
      <Pager {...{ first, size, count, unit }} onPage={setPage} />
      {open && <PhotoDialog {...{ judged }} picture={open} onStep={step} onClose={() => setOpen(undefined)} />}
    </>
  );
}

function PictureButton(props: { judged: JudgedEvaluation; picture: Picture; onOpen: () => void }) {
  const { judged, picture, onOpen } = props;
  const { number, label, words } = picture;
  return (
    <button type="button" class="picture" onClick={onOpen}>
      <Thumbnail dataset={judged.subject.dataset.id} number={number} name={`Photo ${number}`} />
      <span>
        <span class={label === 'LIKE' ? 'like' : 'nope'}>{label}</span> {words}
      </span>
    </button>
  );
}

function Pager(props: { first: number; size: number; count: number; unit: string; onPage: (page: number) => void }) {
  const { first, size, count, unit, onPage } = props;
  const page = first / size;
  const button = (words: ComponentChildren, to: number, isOff: boolean) => (
    <button type="button" disabled={isOff} onClick={() => onPage(to)}>
      {words}
    </button>
  );
  if (count <= size) return null;
  return (
    <div class="row">
      {button('Previous', page - 1, page === 0)}
      <span role="status">
        {formatCount(first + 1)} to {formatCount(Math.min(count, first + size))} of {formatCount(count)} {unit}
      </span>
      {button('Next', page + 1, first + size >= count)}
    </div>
  );
}
