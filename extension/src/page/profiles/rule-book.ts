import type { Clock } from '../../clock.ts';
import type { EarlierSwipe } from '../../messages.ts';
import { reportError } from '../../report-error.ts';
import { type Rules, type Ruling, rulingOf } from '../../rules/rules.ts';
import { rulingText } from '../../rules/ruling-text.ts';
import type { ActiveProfile, PagePhoto, SitePage, UpcomingProfile } from '../../sites/site-adapter.ts';
import { shownLocale, type Translate } from '../../texts.ts';
import type { Overlay } from '../overlay/overlay.ts';
import type { SessionStatus } from '../session/session-status.ts';

/** The delay before asking the worker again after it died. */
const WORKER_BACK_MS = 200;

/** For how many profiles that come next it is remembered whether they were swiped before. */
const MAX_SEEN = 50;

/** What was decided about a profile before its photos are scored: by a rule, or because it was swiped before. */
export interface EarlyDecision {
  readonly swipe: 'left' | 'hold';
  readonly ruling?: Ruling;
  /** Why the card is left to the person, if it is. */
  readonly reason: 'rule_hold' | 'seen_before';
  readonly text: string;
}

/** What a rule book needs. */
export interface RuleBookParts {
  readonly page: SitePage;
  readonly clock: Clock;
  readonly status: SessionStatus;
  readonly overlay: Overlay;
  readonly rules: () => Rules;
  /** Gets the last swipe of a profile within 90 days. Rejects if the worker dies before it answers. */
  readonly earlier: (profileId: string) => Promise<EarlierSwipe | null>;
  readonly translate: Translate;
}

/**
 * Decides what needs no score: a profile that fails one of the person's rules, or that was swiped before. Nothing about
 * the profile leaves the page for this, except its ID, which the worker looks up in the history.
 */
export class RuleBook {
  readonly #parts: RuleBookParts;
  /** Whether profiles that come next were swiped before, by their IDs. */
  readonly #seen = new Map<string, Promise<boolean>>();

  constructor(parts: RuleBookParts) {
    this.#parts = parts;
  }

  /** Resolves once the page has said as much about a profile as it will, if that matters. */
  async settled(profile: ActiveProfile, signal: AbortSignal): Promise<void> {
    const { page, clock, rules } = this.#parts;
    if (rules().holdsSeen || rulingOf(rules(), {}))
      await page.dataSettled(profile, { signal, deadline: clock.deadline });
  }

  /** Returns and shows what is decided about a profile. Undefined if its photos must be scored. */
  async apply(profile: ActiveProfile, signal: AbortSignal): Promise<EarlyDecision | undefined> {
    const { status, overlay } = this.#parts;
    const early = await this.#decision(profile, signal);
    const { stopped } = status;
    // The stop is outdated if a different rule holds this card now, or none does.
    const isRuled = stopped?.reason === 'rule_hold' || stopped?.reason === 'seen_before';
    if (isRuled && stopped.key === profile.key && stopped.detail !== early?.text) status.resume();
    if (early) overlay.showEarly(early.text);
    return early;
  }

  async #decision(profile: ActiveProfile, signal: AbortSignal): Promise<EarlyDecision | undefined> {
    const { page, rules, translate } = this.#parts;
    const id = page.profileId(profile);
    const earlier = id !== undefined && rules().holdsSeen ? await this.#earlier(id, signal) : null;
    if (earlier) return { swipe: 'hold', reason: 'seen_before', text: earlierText(earlier, translate) };
    const ruling = rulingOf(rules(), page.factsOf(profile));
    return ruling && { swipe: ruling.swipe, ruling, reason: 'rule_hold', text: rulingText(ruling, translate) };
  }

  /**
   * Returns a check for whether the page says something else about a profile by now, so that it must be decided anew. Call
   * it once the profile is decided.
   */
  check(profile: ActiveProfile): () => boolean {
    const { page, rules } = this.#parts;
    const looked = { facts: '', ruling: '' };
    const now = () => {
      const known = page.factsOf(profile);
      const facts = JSON.stringify(known);
      if (facts !== looked.facts) Object.assign(looked, { facts, ruling: JSON.stringify(rulingOf(rules(), known)) });
      return `${page.profileId(profile)} ${looked.ruling}`;
    };
    const before = now();
    return () => now() !== before;
  }

  /** Returns the photos of the first `count` profiles that nothing decides yet. */
  async undecided(upcoming: readonly UpcomingProfile[], count: number): Promise<(readonly PagePhoto[])[]> {
    const { rules } = this.#parts;
    const unruled: UpcomingProfile[] = [];
    for (const profile of upcoming) {
      if (unruled.length >= 2 * count) break; // words take time, and the page may know a hundred profiles
      if (!profile.facts.some((possible) => rulingOf(rules(), possible))) unruled.push(profile);
    }
    // Twice as many are asked about, so that the turn of those behind doesn't wait for the worker. If it died, they are
    // scored once their cards are on top.
    const asked = unruled.map(async ({ id }) => {
      return rules().holdsSeen && id !== undefined && (await this.#isSeen(id).catch(() => true));
    });
    const found: (readonly PagePhoto[])[] = [];
    for (const [at, isSeen] of asked.entries()) {
      if (found.length < count && !(await isSeen)) found.push(unruled[at]!.photos);
    }
    return found;
  }

  /** Asks once for each profile: until its card is on top, nobody can swipe it here. */
  #isSeen(id: string): Promise<boolean> {
    const known = this.#seen.get(id) ?? this.#parts.earlier(id).then((found) => found !== null);
    known.catch(() => this.#seen.delete(id));
    this.#seen.set(id, known);
    for (const oldest of this.#seen.keys()) if (this.#seen.size > MAX_SEEN) this.#seen.delete(oldest);
    return known;
  }

  /** Asks until it gets an answer, unless the answer for a profile that came next is that nobody has swiped it. */
  async #earlier(id: string, signal: AbortSignal): Promise<EarlierSwipe | null> {
    const { earlier, clock, status } = this.#parts;
    const known = this.#seen.get(id);
    this.#seen.delete(id); // it may be swiped now, and come again
    if (known && !(await known.catch(() => true))) return null;
    for (let attempt = 0; ; attempt += 1) {
      try {
        const found = await earlier(id);
        signal.throwIfAborted();
        status.clear();
        return found;
      } catch (error) {
        signal.throwIfAborted();
        if (attempt > 0) {
          reportError('looking for an earlier swipe', error);
          status.wait('worker_gone');
        }
        await clock.delay(WORKER_BACK_MS, signal);
      }
    }
  }
}

function earlierText({ by, swipe, atMs }: EarlierSwipe, translate: Translate): string {
  const day = new Date(atMs).toLocaleDateString(shownLocale(translate), { dateStyle: 'medium' });
  return translate(`seen_before_${by}`, translate(`swipe_${swipe}`), day);
}
