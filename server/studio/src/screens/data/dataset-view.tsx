import type { Label } from '@swipenet/shared/confidence.ts';
import type { StudioDataset } from '@swipenet/shared/contract/studio/datasets.ts';
import type { DatasetReview, PhotoFilter } from '@swipenet/shared/contract/studio/photos.ts';
import { useMemo, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { loadEvaluation } from '../../evaluations/judged-evaluation.ts';
import { askBytes } from '../../live/ask.ts';
import { live } from '../../live/events.ts';
import { formatCount } from '../../parts/format.ts';
import { Notice } from '../../parts/notice.tsx';
import { Said } from '../../parts/said.tsx';
import { useAction } from '../../parts/use-action.ts';
import { useAsked } from '../../parts/use-asked.ts';
import { AnswerFilters } from './answer-filters.tsx';
import { addressOf, DATA, pairAddressOf, pairIn } from './dataset-address.ts';
import { useDatasetEdits } from './dataset-edits.ts';
import { LabelCheck } from './label-check.tsx';
import { ALL_ANSWERS, type AnswerFilter, ModelAnswers } from './model-answers.ts';
import { PairView } from './pair-view.tsx';
import { PhotoDetails } from './photo-details.tsx';
import { PhotoFilters } from './photo-filters.tsx';
import { PhotoGrid } from './photo-grid.tsx';
import { SaveVersion } from './save-version.tsx';
import { NOTHING_MOVED, rangeOf, type Selection } from './selection.ts';

const NOTHING: Omit<DatasetReview, 'dataset'> = {
  ...{ changed: 0, dropped: 0, revision: '' },
  check: { state: 'none', words: '', done: 0, total: 0 },
};

/** A dataset's photos, to look through, to relabel and to drop. */
export function DatasetView({ dataset: { id, name }, taken }: { dataset: StudioDataset; taken: readonly string[] }) {
  const review = live.reviews.value?.reviews.find(({ dataset }) => dataset === id) ?? NOTHING;
  const [filter, setFilter] = useState<PhotoFilter>({});
  const [selection, setSelection] = useState<Selection>(NOTHING_MOVED);
  const edits = useDatasetEdits(id, review.revision);
  const action = useAction();
  const { doing, said, act } = action;
  const pair = pairIn(useLocation().query);
  const version = review.check.state === 'done' ? 'checked' : '';
  const [evaluation, setEvaluation] = useState('');
  const [answerFilter, setAnswerFilter] = useState<AnswerFilter>(ALL_ANSWERS);
  const evaluations =
    live.evaluations.value?.evaluations.filter(
      ({ state, subject }) => state === 'done' && subject?.dataset.id === id,
    ) ?? [];
  const { answer: judged, error: unjudged } = useAsked(`evaluation ${evaluation}`, async (signal) =>
    evaluation === '' ? undefined : await loadEvaluation(evaluation, signal),
  );
  const answers = useMemo(
    () =>
      judged?.id === evaluation ? new ModelAnswers(judged.scores.photos, judged.subject.rule.threshold) : undefined,
    [judged, evaluation],
  );
  const { answer: found, error } = useAsked(`${id} ${JSON.stringify(filter)} ${version}`, async (signal) => {
    const bytes = await askBytes('studioPhotoNumbers', { path: { dataset: id }, query: filter, signal });
    return new Uint32Array(bytes.buffer);
  });
  const numbers = useMemo(
    () => (evaluation === '' ? found : found && answers?.matching(found, answerFilter)),
    [found, answers, answerFilter, evaluation],
  );
  const chooseAnswers = (id: string, next: AnswerFilter) => {
    setEvaluation(id);
    setAnswerFilter(next);
    setSelection(NOTHING_MOVED);
  };
  const choose = (next: PhotoFilter) => {
    setFilter(next);
    setSelection(NOTHING_MOVED);
  };
  const [first, last] = rangeOf(selection);
  const selected = numbers?.subarray(first, last + 1) ?? new Uint32Array();
  const isBusy = doing !== undefined;
  const relabel = (label: Label) => selected.length > 0 && act('Changing …', () => edits.relabel(selected, label));
  const press = (event: KeyboardEvent) => {
    if (event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement) return;
    if (event.repeat && isBusy) return; // of a key held down
    const key = event.key.toLowerCase();
    const isCommand = event.ctrlKey || event.metaKey;
    if (isCommand && (key === 'y' || (key === 'z' && event.shiftKey))) void act('Redoing …', edits.redo);
    else if (isCommand && key === 'z') void act('Undoing …', edits.undo);
    else if (pair === undefined && !isCommand && !event.altKey && (key === 'l' || key === 'n')) {
      void relabel(key === 'l' ? 'LIKE' : 'NOPE');
    } else return;
    event.preventDefault();
  };
  const active = numbers?.[selection.active];
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: shortcuts of the buttons inside
    <div class="dataset" onKeyDown={press}>
      <section class="panel browse" aria-label={`Photos of ${name}`}>
        <div class="row between">
          <h2>{name}</h2>
          <a href={DATA}>All datasets</a>
        </div>
        <nav class="views" aria-label="Views">
          <ul>
            <li>
              <a href={addressOf(id)} aria-current={pair === undefined ? 'page' : undefined}>
                Grid
              </a>
            </li>
            <li>
              <a href={pairAddressOf(id, 0)} aria-current={pair === undefined ? undefined : 'page'}>
                Look-alikes side by side
              </a>
            </li>
          </ul>
        </nav>
        {pair !== undefined ? (
          <PairView {...{ dataset: id, edits, action }} place={pair} />
        ) : (
          <>
            <PhotoFilters filter={filter} onFilter={choose} />
            <AnswerFilters {...{ evaluations, evaluation, filter: answerFilter, onChoose: chooseAnswers }} />
            <div class="row">
              {(['LIKE', 'NOPE'] as const).map((label) => (
                <button
                  key={label}
                  type="button"
                  disabled={isBusy || selected.length === 0}
                  aria-keyshortcuts={label[0]}
                  onClick={() => relabel(label)}
                >
                  {`${label} (${label[0]})`}
                </button>
              ))}
              <button type="button" disabled={isBusy || !edits.canUndo} onClick={() => act('Undoing …', edits.undo)}>
                Undo
              </button>
              <button type="button" disabled={isBusy || !edits.canRedo} onClick={() => act('Redoing …', edits.redo)}>
                Redo
              </button>
              <span class="hint counts" role="status">
                {numbers
                  ? `${formatCount(numbers.length)} photos, ${formatCount(selected.length)} selected`
                  : 'Asking the server …'}
              </span>
            </div>
            <p class="hint">A profile has one label, so relabeling a photo relabels all photos of its profile.</p>
            {error && <Notice kind="error">{error.message}</Notice>}
            {evaluation !== '' && unjudged && <Notice kind="error">{unjudged.message}</Notice>}
            <PhotoGrid
              {...{
                version,
                selection,
                dataset: id,
                changes: edits.changes,
                dropped: edits.dropped,
                onSelect: setSelection,
              }}
              numbers={numbers ?? new Uint32Array()}
            />
            {numbers?.length === 0 && <p>{emptyWords(filter, review.check.state)}</p>}
            <Said doing={doing} said={said} />
          </>
        )}
      </section>
      <div class="aside">
        {pair === undefined && active !== undefined && (
          <PhotoDetails
            {...{ version, dataset: id, number: active, changes: edits.changes, dropped: edits.dropped }}
            like={answers?.likeOf(active)}
            onProfile={(profile) => choose({ profile: String(profile) })}
          />
        )}
        {pair === undefined && (
          <LabelCheck dataset={id} check={review.check} onShow={() => choose({ show: 'suspected' })} />
        )}
        <SaveVersion {...{ name, taken, dataset: id, review, action, onDone: edits.forget }} />
      </div>
    </div>
  );
}

const emptyWords = ({ show }: PhotoFilter, check: string) =>
  show === 'suspected' && check !== 'done' ? 'Check the labels first.' : 'No photo matches.';
