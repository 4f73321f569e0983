import { type PhotoPair, type PhotoPairs, photoPairsSchema } from '@swipenet/shared/contract/studio/photos.ts';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { ask } from '../../live/ask.ts';
import { formatCount, formatPercent } from '../../parts/format.ts';
import { Notice } from '../../parts/notice.tsx';
import { Said } from '../../parts/said.tsx';
import type { Action } from '../../parts/use-action.ts';
import { useAsked } from '../../parts/use-asked.ts';
import { FullPhoto } from '../../photos/full-photo.tsx';
import { useFacts } from '../../photos/known-facts.ts';
import { pairAddressOf } from './dataset-address.ts';
import type { DatasetEdits } from './dataset-edits.ts';
import {
  choiceByKey,
  choiceOf,
  dropsOf,
  isJudged,
  OPEN_KEY,
  openAfter,
  type PairChoice,
  pairAfter,
} from './pair-choice.ts';

/** The number of bits of the hashes that pairs are found by. */
const HASH_BITS = 64;

const WORDS = {
  left: 'The left one is dropped.',
  both: 'Both are kept.',
  right: 'The right one is dropped.',
} as const satisfies Record<PairChoice, string>;

/** What a pair is shown with. */
interface PairProps {
  readonly dataset: string;
  readonly edits: DatasetEdits;
  readonly action: Action;
}

/** The photos of a dataset that look alike, pair by pair. `place` counts from 0. */
export function PairView({ place, ...props }: PairProps & { place: number }) {
  const { dataset } = props;
  const { answer, error } = useAsked(`pairs ${dataset}`, (signal) =>
    ask('studioPairs', photoPairsSchema, { path: { dataset }, signal }),
  );
  const { isKnown, error: unknown } = props.edits;
  const failed = error ?? (isKnown ? undefined : unknown);
  if (failed) return <Notice kind="error">{failed.message}</Notice>;
  if (!answer || !isKnown) return <p role="status">Asking the server …</p>;
  const { pairs } = answer;
  if (pairs.length === 0) {
    return <p>No two photos look alike. The build leaves out look-alikes that have the same label.</p>;
  }
  return <OnePair {...props} found={answer} place={Math.min(place, pairs.length - 1)} />;
}

function OnePair({ dataset, edits, action, found, place }: PairProps & { found: PhotoPairs; place: number }) {
  const { pairs, total, acrossSplits, acrossLabels } = found;
  const pair = pairs[place]!;
  const { route } = useLocation();
  const group = useRef<HTMLElement>(null);
  useEffect(() => group.current?.focus({ preventScroll: true }), []); // so that its keys work at once
  const leaves = useRef(0); // how often the person has left a pair
  useLayoutEffect(
    () => () => {
      leaves.current += 1;
    },
    [place],
  );
  const choice = choiceOf(pair, edits);
  const isSettled = isJudged(pair, edits);
  const { dropped, keptPairs } = edits;
  const open = useMemo(
    () => [...pairs.keys()].filter((at) => !isJudged(pairs[at]!, { dropped, keptPairs })),
    [pairs, dropped, keptPairs],
  );
  const nextOpen = openAfter(open, place);
  const show = (next: number) => route(pairAddressOf(dataset, next), true);
  const showOpen = () => {
    if (nextOpen !== undefined) show(nextOpen);
    else void action.act('Looking …', async () => 'Every pair is judged.');
  };
  const choose = (next: PairChoice) => {
    const before = leaves.current;
    return action.act('Changing …', async () => {
      await edits.drop(dropsOf(pair, next), () => show(place));
      if (leaves.current === before && place < pairs.length - 1) show(place + 1);
      return `Pair ${formatCount(place + 1)}: ${WORDS[next]}`;
    });
  };
  const press = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const next = pairAfter(event.key, place, pairs.length);
    const chosen = choiceByKey(event.key);
    const isOpenKey = event.key.toUpperCase() === OPEN_KEY;
    if (next === undefined && !chosen && !isOpenKey) return;
    event.preventDefault();
    if (isOpenKey) showOpen();
    else if (next !== undefined) show(next);
    else if (chosen && !event.repeat) void choose(chosen);
  };
  const button = (of: PairChoice, key: string, words: string) => (
    <button type="button" aria-pressed={choice === of} aria-keyshortcuts={key} onClick={() => choose(of)}>
      {words} ({key})
    </button>
  );
  const stepTo = (key: 'ArrowLeft' | 'ArrowRight', words: string) => {
    const next = pairAfter(key, place, pairs.length)!;
    return (
      <button type="button" aria-disabled={next === place} aria-keyshortcuts={key} onClick={() => show(next)}>
        {words}
      </button>
    );
  };
  return (
    // Buttons are never disabled, which would take the focus away from the one that was pressed.
    // biome-ignore lint/a11y/noStaticElementInteractions: shortcuts of the buttons inside
    <div class="pairs" onKeyDown={press}>
      <p class="hint">
        {formatCount(total)} {total === 1 ? 'pair' : 'pairs'}, {formatCount(acrossSplits)} in different splits and{' '}
        {formatCount(acrossLabels)} with different labels. Those in different splits come first: they make a model look
        better than it is.
        {total > pairs.length &&
          ` Here are the first ${formatCount(pairs.length)}. A new version without the dropped photos shows more.`}
      </p>
      <div class="pair-choices">
        {button('left', 'S', 'Drop left')}
        {button('both', 'K', 'Keep both')}
        {button('right', 'D', 'Drop right')}
      </div>
      <div class="row">
        {stepTo('ArrowLeft', 'Previous')}
        {stepTo('ArrowRight', 'Next')}
        <button
          type="button"
          aria-disabled={nextOpen === undefined || nextOpen === place}
          aria-keyshortcuts={OPEN_KEY}
          onClick={showOpen}
        >
          Next not judged ({OPEN_KEY})
        </button>
        <button type="button" aria-disabled={!edits.canUndo} onClick={() => action.act('Undoing …', edits.undo)}>
          Undo
        </button>
        <button type="button" aria-disabled={!edits.canRedo} onClick={() => action.act('Redoing …', edits.redo)}>
          Redo
        </button>
        <span class="counts pairs-left">
          {open.length === 0 ? 'Every pair is judged.' : `${formatCount(open.length)} left to judge`}
        </span>
      </div>
      <div class="pairs-said">
        {action.doing === undefined && !action.said ? (
          <p class="hint">A choice moves on to the next pair.</p>
        ) : (
          <Said doing={action.doing} said={action.said} />
        )}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the keys need a place to act from */}
      <section ref={group} class="pair" aria-label="Pair" aria-describedby="pair-words" tabIndex={0}>
        <PairWords {...{ dataset, pair, place }} count={pairs.length} isSettled={isSettled} />
        <Side {...{ dataset, edits, isSettled }} name="Left" number={pair.left} />
        <Side {...{ dataset, edits, isSettled }} name="Right" number={pair.right} />
      </section>
    </div>
  );
}

/** Which pair it is, whether it is judged, and in what its photos differ. */
function PairWords({
  dataset,
  pair,
  place,
  count,
  isSettled,
}: {
  dataset: string;
  pair: PhotoPair;
  place: number;
  count: number;
  isSettled: boolean;
}) {
  const [left, right] = [useFacts(dataset, '', pair.left), useFacts(dataset, '', pair.right)];
  const compare = (name: string, of: 'part' | 'label') => {
    if (!left || !right) return <span class="difference"> </span>;
    const isSame = left[of] === right[of];
    return <span class={`difference${isSame ? '' : ' differs'}`}>{`${isSame ? 'same' : 'different'} ${name}`}</span>;
  };
  return (
    <p id="pair-words" class="pair-words" role="status">
      <strong>
        Pair {formatCount(place + 1)} of {formatCount(count)}
      </strong>
      <span class="pair-state">{isSettled ? 'judged' : 'not judged yet'}</span>
      {compare('split', 'part')}
      {compare('label', 'label')}
      <span class="hint">
        similarity {formatPercent(1 - pair.bits / HASH_BITS)} ({pair.bits} of {HASH_BITS} bits differ)
      </span>
    </p>
  );
}

/** One photo of a pair. */
function Side({
  dataset,
  edits: { changes, dropped },
  isSettled,
  name,
  number,
}: {
  dataset: string;
  edits: DatasetEdits;
  isSettled: boolean;
  name: string;
  number: number;
}) {
  const facts = useFacts(dataset, '', number);
  const changed = facts && changes.get(facts.profile);
  const label = changed ?? facts?.label;
  const isDropped = dropped.has(number);
  return (
    <figure class={`pair-side${isDropped ? ' dropped' : ''}`} aria-label={name}>
      <FullPhoto dataset={dataset} number={number} name={`${name} photo, number ${formatCount(number)}`} />
      <figcaption>
        <p class="pair-fate">{isDropped ? 'Dropped' : isSettled ? 'Kept' : 'Undecided'}</p>
        <dl>
          <dt>Label</dt>
          <dd>
            <span class={`label ${label ?? ''}`}>{label ?? '…'}</span>
            {facts && changed && ` (was ${facts.label})`}
          </dd>
          <dt>Split</dt>
          <dd>{facts?.part ?? '…'}</dd>
          <dt>Profile</dt>
          <dd>
            {facts ? `${facts.profile}, ${facts.inProfile === 1 ? '1 photo' : `${facts.inProfile} photos`}` : '…'}
          </dd>
          <dt>File</dt>
          <dd>
            <code>{facts?.path ?? '…'}</code>
          </dd>
        </dl>
      </figcaption>
    </figure>
  );
}
