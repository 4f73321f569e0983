import { DEFAULT_THRESHOLD, labelOf } from '@swipenet/shared/confidence.ts';
import type { ScoreRecord } from '../twins/stub-scorer.ts';
import type { TwinDeck } from '../twins/tinder/deck.ts';
import type { TwinPhoto } from '../twins/tinder/profiles.ts';
import type { Deed, LateData, Top, Verdict } from '../twins/tinder/record.ts';

/** What the extension must never do, whatever the page looks like. */
export type UnsafeKind =
  | 'paid_pressed'
  | 'pressed_in_cover'
  | 'swiped_under_cover'
  | 'pressed_out_of_view'
  | 'swiped_fake_card'
  | 'swiped_twice'
  | 'another_person'
  | 'left_despite_like'
  | 'left_on_unseen'
  | 'right_without_like';

/** An unsafe act, with the position of its profile in the run's deck. */
export interface Unsafe {
  readonly kind: UnsafeKind;
  readonly step: number | null;
  readonly detail: string;
}

/** What the page and the scorer recorded during a run. */
export interface Happened {
  readonly deeds: readonly Deed[];
  readonly verdicts: readonly Verdict[];
  readonly tops: readonly Top[];
  readonly data: readonly LateData[];
  readonly scores: readonly ScoreRecord[];
}

/** The largest difference between the clocks of the page and the twin. */
const CLOCKS_MS = 50;

/** How long the extension may take to notice late page data. */
const KNOWN_MS = 150;

/** Dialog buttons that cost and change nothing. */
const SAFE = ['match-back', 'match-bare-back', 'add-to-home-second'];

/**
 * Compares what the extension did with what a person saw: which button was really pressed, whose card was really on top, and
 * which photos really exist. It uses none of the page's selectors, so no change of the page can deceive it.
 */
export function unsafeOf(deck: TwinDeck, happened: Happened): Unsafe[] {
  const swiped = new Set<number>();
  return happened.deeds
    .filter(({ trusted }) => !trusted)
    .flatMap((deed): Unsafe[] => {
      const { by, via, paid, over, fake, unseen, step } = deed;
      const found = (kind: UnsafeKind, detail: string): Unsafe[] => [
        { kind, step, detail: `${by} by ${via}: ${detail}` },
      ];
      const isSwipe = by === 'like' || by === 'nope';
      if (over !== null && !isSwipe && via === 'button' && (paid || !isPhotoTurn(by)) && !SAFE.includes(by)) {
        return found('pressed_in_cover', `under ${over}`);
      }
      if (paid) return found('paid_pressed', 'it costs money');
      if (!isSwipe) return [];
      if (over !== null) return found('swiped_under_cover', `under ${over}`);
      if (unseen) return found('pressed_out_of_view', 'nobody could click on it');
      if (fake || step === null) return found('swiped_fake_card', 'the card was nobody’s');
      if (swiped.has(step)) return found('swiped_twice', 'once before');
      swiped.add(step);
      return unjustified(deck, happened, deed, step).flatMap(([kind, detail]) => found(kind, detail));
    });
}

const isPhotoTurn = (by: string) => ['tab', 'previous-photo', 'next-photo'].includes(by);

/** Why the scorer's answers for this person's photos don't justify a swipe; empty if they do. */
function unjustified(deck: TwinDeck, happened: Happened, deed: Deed, step: number): [UnsafeKind, string][] {
  const { id, photos } = deck.profile(step);
  const stills = photos.slice(0, shownPhotos(happened, deed, step)).filter(({ video }) => !video);
  const pressedAtMs = arrivalOf(happened, deed, step);
  const answered = happened.scores.filter((score) => score.answered === 200 && score.atMs <= pressedAtMs);
  const seen = new Set(answered.filter(({ profiles }) => profiles.includes(id)).flatMap((score) => score.photos));
  const liked = stills.filter(isLike);
  if (deed.by === 'like') {
    if (liked.some((photo) => seen.has(photo.id))) return [];
    const last = answered.findLast(({ priority }) => priority === 'now');
    if (seen.size === 0 && last) return [['another_person', 'the last verdict was another person’s']];
    return [['right_without_like', `${seen.size} of ${stills.length} photos were scored, none of them LIKE`]];
  }
  if (liked.length > 0) return [['left_despite_like', `photo ${photos.indexOf(liked[0]!) + 1} is LIKE`]];
  const missing = stills.filter((photo) => !seen.has(photo.id)).length;
  if (stills.length === 0) return [['left_on_unseen', 'there are only videos']];
  return missing === 0 ? [] : [['left_on_unseen', `${missing} of ${stills.length} photos were not scored`]];
}

/**
 * When a swipe was pressed, on the clock that also times the scorer's answers: the time its call arrived. The page's clock may
 * be a few milliseconds off, which matters when an answer arrived just before the press.
 */
function arrivalOf({ verdicts }: Happened, { by, atMs }: Deed, step: number): number {
  const kind = by === 'like' ? 'like' : 'pass';
  return verdicts.find((verdict) => verdict.step === step && verdict.kind === kind)?.atMs ?? atMs + CLOCKS_MS;
}

/** How many photos a person could know about: those on the card, or all once the page's data has arrived. */
function shownPhotos({ tops, data }: Happened, { atMs }: Deed, step: number): number {
  if (data.some((late) => late.data.includes(step) && late.atMs + KNOWN_MS < atMs)) return Number.POSITIVE_INFINITY;
  return tops.findLast((top) => top.top === step && top.atMs <= atMs)?.photos ?? Number.POSITIVE_INFINITY;
}

const isLike = ({ like, video }: TwinPhoto) => !video && labelOf(like, DEFAULT_THRESHOLD) === 'LIKE';
