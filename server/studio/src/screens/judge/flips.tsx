import { compareScores, type Flip } from '@swipenet/shared/compared-scores.ts';
import { LABELS } from '@swipenet/shared/confidence.ts';
import { mcnemarP } from '@swipenet/shared/mcnemar.ts';
import { useMemo } from 'preact/hooks';
import type { JudgedEvaluation } from '../../evaluations/judged-evaluation.ts';
import type { Unit } from './judge-props.ts';
import { type Entry, type ProfileRows, pictureAt } from './picture.ts';
import { Pictures } from './pictures.tsx';
import { chanceWords, counted, percent } from './words.ts';

/** What two models label differently, each at its own threshold, and which of them is right. */
export function Flips(props: {
  judged: JudgedEvaluation;
  second: JudgedEvaluation;
  profileRows: ProfileRows;
  unit: Unit;
}) {
  const { judged, second, profileRows, unit } = props;
  const [one, two] = [judged.subject, second.subject].map(({ model }) => model.id) as [string, string];
  const compared = useMemo(() => {
    const judgeOf = ({ scores, subject: { rule } }: JudgedEvaluation) => ({
      scores: scores[unit],
      threshold: rule.threshold,
    });
    return compareScores(judgeOf(judged), judgeOf(second));
  }, [judged, second, unit]);
  const rowOf = useMemo(() => {
    const rows = new Map<number, number>();
    for (const [row, number] of judged.scores.photos.numbers.entries()) rows.set(number, row);
    return rows;
  }, [judged]);
  if (!compared) return <p>These evaluations aren’t of the same photos, so they can’t be compared.</p>;
  const { count, flips, firstRight, secondRight } = compared;
  const entryOf = ({ number, likes }: Flip): Entry => {
    const words = likes.map(percent).join(' → ');
    if (unit === 'photos') {
      const { loss: _, ...picture } = pictureAt(judged, rowOf.get(number)!);
      return { key: number, pictures: [{ ...picture, words }] };
    }
    const pictures = profileRows.get(number)?.map((row) => pictureAt(judged, row)) ?? [];
    return { key: number, title: `Profile ${number}: ${words}`, pictures };
  };
  if (flips.length === 0) return <p>Both models label all {counted(count, unit)} the same.</p>;
  return (
    <>
      <p>
        Each at its own threshold, they differ on {counted(flips.length, unit)} of {count.toLocaleString('en-US')}:{' '}
        {one} is right on {firstRight.toLocaleString('en-US')} of them, and {two} on{' '}
        {secondRight.toLocaleString('en-US')}. {chanceWords(mcnemarP(firstRight, secondRight))}
        <span class="hint"> (McNemar’s exact test)</span>
      </p>
      {LABELS.map((becomes) => {
        const these = flips.filter((flip) => flip.becomes === becomes);
        const right = these.filter(({ label }) => label === becomes).length;
        return (
          <section key={becomes} aria-label={becomes === 'LIKE' ? 'NOPE → LIKE' : 'LIKE → NOPE'}>
            <h3>
              {becomes === 'LIKE' ? 'NOPE → LIKE' : 'LIKE → NOPE'}: {counted(these.length, unit)}
            </h3>
            {these.length > 0 && (
              <p class="hint">
                {two} is right on {right.toLocaleString('en-US')}. Confidences are those of {one} → {two}.
              </p>
            )}
            <Pictures {...{ judged, unit }} count={these.length} entryAt={(place) => entryOf(these[place]!)} />
          </section>
        );
      })}
    </>
  );
}
