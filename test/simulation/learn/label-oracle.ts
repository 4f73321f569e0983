import { createHmac } from 'node:crypto';
import type { SwipeRequest } from '@swipenet/shared/contract/swipes.ts';
import { ARTICLE_RULE, type Decision, decide } from '@swipenet/shared/decision.ts';
import type { FakeSwipeServer, Outcome } from '../../support/fake-swipe-server.ts';
import type { ScoreRecord } from '../../twins/stub-scorer.ts';
import type { TwinDeck } from '../../twins/tinder/deck.ts';
import { stillsOf } from '../../twins/tinder/profiles.ts';
import { type Rewind, type Verdict, wallMs } from '../../twins/tinder/record.ts';
import type { Violations } from '../violations.ts';
import type { Excuse } from './excuses.ts';
import { isTold, maybeTold, type Post } from './told.ts';

/** What came of the labels. The swipes are the person's, as the twin took them. */
export interface LabelFigures {
  right: number;
  left: number;
  superLikes: number;
  rewinds: number;
  /** Swipes that the twin refused. */
  refused: number;
  /** Final swipes that must be labels, and how many of them are. */
  expected: number;
  arrived: number;
  missing: number;
  doubled: number;
  wrong: number;
  /** Swipes that didn't have to be labels, by reason, and how many of them were labels all the same. */
  excused: Partial<Record<Excuse, number>>;
  excusedArrived: number;
  /** Labels by what the person knew of the verdict. Only hidden ones count for agreement. */
  verdicts: Record<SwipeRequest['verdict'], number>;
  /** Labels that had a verdict but nothing to learn from. */
  withoutFeatures: number;
  /** Labels that were sent again because an answer was lost. */
  sentAgain: number;
}

/** A swipe that the twin accepted and that wasn't rewound. */
interface Standing {
  readonly swipe: 'right' | 'left';
  readonly verdict: Verdict;
}

/** Something that happened, and when (wall time). */
interface Event {
  readonly what: string;
  readonly atMs: number;
}

/** What is known of a profile. */
interface Known {
  standing?: Standing;
  /** Likes and passes that the twin took. */
  taken: number;
  added: number;
  readonly posts: Post[];
  readonly rewinds: Rewind[];
  /** A label arrived once more, though nothing had happened after which it may be sent again. */
  isRepeated?: true;
  /** What the scorer answered, by its ID. */
  readonly decisions: Map<string, Decision>;
  /** What happened to it, for a report. */
  readonly history: Event[];
}

/** What a label oracle needs. */
export interface LabelOracleParts {
  readonly deck: TwinDeck;
  readonly profiles: number;
  readonly profileKey: string;
  readonly server: FakeSwipeServer;
  readonly violations: Violations;
  /** Says why a swipe didn't have to become a label, if so. */
  readonly excuseOf: (verdict: Verdict) => Excuse | undefined;
  /** Whether the person may have seen the verdict on this card. */
  readonly maybeShown: (verdict: Verdict) => boolean;
  /** Whether an answer of the server's may have been lost since then (wall time). */
  readonly disturbedSince: (atMs: number) => boolean;
}

/** Holds the labels that arrived against the swipes that the twin took: each is one label, no other thing is any. */
export class LabelOracle {
  readonly figures: LabelFigures = {
    ...{ right: 0, left: 0, superLikes: 0, rewinds: 0, refused: 0 },
    ...{ expected: 0, arrived: 0, missing: 0, doubled: 0, wrong: 0, excused: {}, excusedArrived: 0 },
    ...{ verdicts: { hidden: 0, none: 0, shown: 0 }, withoutFeatures: 0, sentAgain: 0 },
  };
  readonly #parts: LabelOracleParts;
  readonly #known: Known[];
  readonly #stepOf: ReadonlyMap<string, number>;
  readonly #postedAtMs = new Map<string, number>();
  readonly #reported = new Set<number>();

  constructor(parts: LabelOracleParts) {
    this.#parts = parts;
    const steps = Array.from({ length: parts.profiles }, (_, step) => step);
    this.#known = steps.map(() => ({
      taken: 0,
      added: 0,
      posts: [],
      rewinds: [],
      decisions: new Map(),
      history: [],
    }));
    this.#stepOf = new Map(steps.map((step) => [this.#codeOf(step), step]));
  }

  /** The scorer answered. */
  scored({ profiles, photos, photoCount, answered, scoreId }: ScoreRecord): void {
    const { deck } = this.#parts;
    const step = deck.indexOf(profiles[0] ?? '');
    if (step === undefined || answered !== 200) return;
    const stills = stillsOf(deck.profile(step));
    const likes = photos.map((photo) => stills.find(({ id }) => id === photo)?.like ?? null);
    const { decisions } = this.#known[step]!;
    decisions.set(
      scoreId ?? `not to be learned from ${decisions.size}`,
      decide({ likes, photoCount, rule: ARTICLE_RULE }),
    );
  }

  /** Swipes and rewinds came to the twin, in any order. */
  happened(verdicts: readonly Verdict[], rewinds: readonly Rewind[]): void {
    const all = [
      ...verdicts.map((verdict) => ({ atMs: verdict.atMs, tell: () => this.#judged(verdict) })),
      ...rewinds.map((rewind) => ({ atMs: rewind.atMs, tell: () => this.#rewound(rewind) })),
    ];
    for (const { tell } of all.toSorted((one, other) => one.atMs - other.atMs)) tell();
  }

  #judged(verdict: Verdict): void {
    const { kind, step, trusted, answered, load, pictured, atMs } = verdict;
    const { figures } = this;
    const known = this.#known[step];
    if (!trusted) this.#parts.violations.add(step, 'no swipe of Swipenet’s in Learn', kind);
    known?.history.push({ what: `${kind} ${answered} on load ${load}${pictured ? '' : ', not pictured'}`, atMs });
    if (!known || answered !== 200) {
      figures.refused += 1;
      return;
    }
    if (kind === 'super-like') {
      figures.superLikes += 1;
      delete known.standing;
      return;
    }
    const swipe = kind === 'like' ? 'right' : 'left';
    figures[swipe] += 1;
    known.taken += 1;
    known.standing = { swipe, verdict };
  }

  #rewound(rewind: Rewind): void {
    const { step, atMs } = rewind;
    this.figures.rewinds += 1;
    const known = this.#known[step]!;
    known.rewinds.push(rewind);
    known.history.push({ what: 'rewound', atMs });
    delete known.standing;
  }

  /** A label was deleted. */
  deleted(profile: string): void {
    const step = this.#stepOf.get(profile);
    if (step !== undefined) this.#known[step]!.history.push({ what: 'deleted', atMs: wallMs() });
  }

  /** A label arrived. */
  posted(request: SwipeRequest, outcome: Outcome): void {
    const { figures } = this;
    const { profile, swipe } = request;
    const step = this.#stepOf.get(profile);
    if (step === undefined) {
      this.#wrong(undefined, 'a profile of the deck', profile);
      return;
    }
    const known = this.#known[step]!;
    const before = this.#postedAtMs.get(profile);
    this.#postedAtMs.set(profile, wallMs());
    if (outcome === 'added') known.added += 1;
    if (outcome === 'unchanged') figures.sentAgain += 1;
    const excused = outcome === 'unchanged' && before !== undefined && this.#parts.disturbedSince(before);
    const { verdict, scoreId = 'without a score' } = request;
    known.history.push({ what: `label ${swipe}, ${verdict}, ${scoreId}, ${outcome}`, atMs: wallMs() });
    if (outcome !== 'added' && !excused) known.isRepeated = true; // reported with the rest of its history
    known.posts.push({ atMs: wallMs(), isDecided: verdict !== 'none' });
    this.#checkContent(step, known, request);
  }

  #checkContent(step: number, { decisions }: Known, request: SwipeRequest): void {
    const { site, scoreId, decision, decidedBy, probability, photoCount, verdict } = request;
    if (site !== 'tinder') this.#wrong(step, 'the site tinder', site);
    const { photos } = this.#parts.deck.profile(step);
    const stills = photos.filter(({ video }) => !video).length;
    const count = verdict === 'none' ? photos.length : stills;
    if (photoCount !== undefined && photoCount !== count) this.#wrong(step, `${count} photos`, `${photoCount}`);
    if (verdict === 'none') {
      if (scoreId !== undefined || probability !== undefined) this.#wrong(step, 'nothing decided', `${probability}`);
      return;
    }
    if (decidedBy !== 'network') this.#wrong(step, 'a decision of the network’s', `${decidedBy}`);
    if (decision === 'hold' && scoreId === undefined) return; // no photo could be had
    const said = scoreId === undefined ? [...decisions.values()] : [decisions.get(scoreId)];
    const fits = said.some((one) => one?.swipe === decision && (one?.like ?? undefined) === probability);
    if (!fits) this.#wrong(step, `a decision that the server made on this profile`, `${decision}, ${probability}`);
  }

  /** Compares the stored labels with the final swipes. Call it once everything has arrived. */
  settle(): void {
    const { server } = this.#parts;
    for (const [step, known] of this.#known.entries()) {
      const kept = server.swipes.get(this.#codeOf(step))?.request;
      const { standing, taken, added } = known;
      if (this.#reported.has(step)) continue;
      const report = (kind: 'missing' | 'doubled' | 'wrong', expected: string, came: string) => {
        this.#reported.add(step);
        this.figures[kind] += 1;
        this.#parts.violations.add(step, expected, came);
      };
      if (kept && !standing) report('wrong', 'no label', textOf(known));
      else if (added > taken || known.isRepeated) report('doubled', `${taken} labels, each once`, textOf(known));
      else if (kept && kept.swipe !== standing!.swipe) report('wrong', standing!.swipe, textOf(known));
      else if (
        kept?.verdict === 'shown' &&
        !maybeTold(standing!.verdict, known.posts) &&
        !this.#parts.maybeShown(standing!.verdict)
      ) {
        report('wrong', 'a verdict that stayed hidden', textOf(known));
      } else if (kept?.verdict === 'hidden' && isTold(standing!.verdict, known.posts, known.rewinds)) {
        report('wrong', 'a verdict that was shown after an earlier swipe', textOf(known));
      } else if (!kept && standing && !this.#parts.excuseOf(standing.verdict)) {
        report('missing', `the label ${standing.swipe}`, textOf(known));
      }
    }
  }

  /** Counts what stands. Call it once, after the last settling. */
  count(): void {
    const { figures } = this;
    for (const [step, { standing }] of this.#known.entries()) {
      const kept = this.#parts.server.swipes.get(this.#codeOf(step))?.request;
      if (kept) figures.verdicts[kept.verdict] += 1;
      if (kept && kept.verdict !== 'none' && kept.scoreId === undefined) figures.withoutFeatures += 1;
      if (!standing) continue;
      const excuse = this.#parts.excuseOf(standing.verdict);
      if (excuse) {
        figures.excused[excuse] = (figures.excused[excuse] ?? 0) + 1;
        figures.excusedArrived += Number(kept !== undefined);
      } else {
        figures.expected += 1;
        figures.arrived += Number(kept?.swipe === standing.swipe);
      }
    }
  }

  #wrong(step: number | undefined, expected: string, came: string): void {
    this.figures.wrong += 1;
    this.#parts.violations.add(step, expected, came);
  }

  #codeOf(step: number): string {
    const { deck, profileKey } = this.#parts;
    return createHmac('sha256', Buffer.from(profileKey, 'base64url'))
      .update(`tinder:${deck.profile(step).id}`)
      .digest('hex');
  }
}

function textOf({ history }: Known): string {
  const ordered = history.toSorted((one, other) => one.atMs - other.atMs);
  const beganAtMs = ordered[0]?.atMs ?? 0;
  return ordered.map(({ what, atMs }) => `${what} at ${Math.round(atMs - beganAtMs)} ms`).join('; ') || 'nothing';
}
