import type { AgreementAnswer, SwipeAnswer, SwipeList, SwipeRequest } from '@swipenet/shared/contract/swipes.ts';
import { OWNER_TASTE, type TasteAnswer, type TasteDeleted } from '@swipenet/shared/contract/taste.ts';
import type { Home } from '../home/home.ts';
import { countedSwipes } from './agreement/agreement.ts';
import { isWorthAsking, RECENT_PROFILES } from './agreement/ask.ts';
import { replayGate } from './agreement/gate.ts';
import { eraseTaste } from './erase-taste.ts';
import { HeldPhotos } from './held-photos.ts';
import type { TasteLearner } from './learning/taste-learner.ts';
import { isVersion, listVersions } from './learning/versions.ts';
import { scoreIdOf } from './score-id.ts';
import type { TasteDatabase } from './store/database.ts';
import type { DescribedPhoto } from './store/described-photo.ts';
import { exportSwipes } from './store/export-swipes.ts';
import type { PendingScore, ScoreBefore } from './store/pending-scores.ts';
import type { FeatureSource, NewSwipe } from './store/swipe-record.ts';
import type { TasteStore } from './store/taste-store.ts';
import { unusableSwipes } from './store/training-profiles.ts';

/** How many swipes a page of the list has. */
const PAGE = 100;

/** What a desk works with. */
export interface TasteDeskOptions {
  readonly home: Home;
  /** Opens the store. It is called at the first use, and again after each failure. */
  readonly openStore: () => TasteStore;
  /** The key for profile IDs and score IDs, `[32]`. */
  readonly key: Uint8Array;
  /** The lower bound of agreement at which the gate opens. */
  readonly required: number;
  /** The threshold that the server sets for all models, if there is one. Agreement is then computed for it. */
  readonly threshold: number | undefined;
  readonly keepsPhotos: boolean;
  readonly learner: TasteLearner;
  /** Returns the session that describes photos beside the active model, if there is one. */
  readonly secondSession: () => TasteAnswer['secondSession'];
  /** Returns the SHA-256 of the `model.onnx` of `base`, in hex. */
  readonly base: () => string;
  /** Makes the server use a version that has become active, or the model that it would start with now. */
  readonly use: (version: string | undefined) => Promise<void>;
}

/** Answers everything that the routes ask about tastes. Throws CommandError, like the store. */
export class TasteDesk {
  readonly #options: TasteDeskOptions;
  readonly #held = new HeldPhotos();
  #store: TasteStore | undefined;

  constructor(options: TasteDeskOptions) {
    this.#options = options;
  }

  /** The key for profile IDs as base64url, for devices that are being paired. */
  get profileKey(): string {
    return Buffer.from(this.#options.key).toString('base64url');
  }

  /** The database of swipes, open. Throws CommandError, like the store. */
  get database(): TasteDatabase {
    return this.#opened().database;
  }

  /** Whose taste this server's model is. */
  isServed(taste: string): boolean {
    return taste === OWNER_TASTE;
  }

  /** Keeps what was scored until the person swipes. Returns its ID, and whether that swipe would teach a lot. */
  keep(
    score: PendingScore,
    { readable, sha256 }: { readonly readable: readonly DescribedPhoto[]; readonly sha256: readonly string[] },
  ): { readonly scoreId: string; readonly ask: boolean } {
    const store = this.#opened();
    const { taste } = score;
    const scoreId = scoreIdOf({ ...score, photos: sha256 }, this.#options.key);
    const ask = isWorthAsking(store.total(taste), score, store.judgements(taste, RECENT_PROFILES));
    store.scores.keep(
      scoreId,
      score,
      readable.map(({ features, body }) => ({ features, body })),
    );
    const grays = readable.flatMap(({ gray }) => (gray ? [gray] : []));
    if (grays.length > 0) this.#held.hold(scoreId, grays);
    return { scoreId, ask };
  }

  /**
   * Stores a swipe, and learns if it is time.
   *
   * @param photos the photos that came with it, or undefined if the request has the ID of a score.
   * @returns undefined if the score is unknown or has expired.
   */
  swipe(
    taste: string,
    request: SwipeRequest,
    photos: readonly DescribedPhoto[] | undefined,
    threshold?: number,
  ): SwipeAnswer | undefined {
    const store = this.#opened();
    const { scoreId } = request;
    const score = scoreId === undefined ? undefined : store.scoreOf({ ...request, taste }, scoreId);
    const swipe = newSwipe(taste, request, score, photos?.length ?? 0);
    const recorded = store.record(swipe, this.#sourceOf(request, photos));
    if (!recorded) return undefined;
    const { likes, passes } = store.counts(taste);
    if (recorded.outcome === 'added' && this.isServed(taste)) this.#options.learner.swiped(likes + passes);
    return { ...recorded, likes, passes, agreement: this.#agreement(taste, threshold) };
  }

  /** Deletes a swipe. Returns false if this taste has none with this ID. */
  remove(taste: string, id: number): boolean {
    return this.#opened().remove(taste, id);
  }

  /** Returns a page of swipes, newest first. */
  list(taste: string, cursor: number | undefined): SwipeList {
    const { swipes, next } = this.#opened().list(taste, { limit: PAGE, ...(cursor !== undefined && { cursor }) });
    const listed = swipes.map(({ taste: _own, at, ...swipe }) => ({ ...swipe, at: at.toISOString() }));
    return { swipes: listed, next };
  }

  /** Returns the gray copies of a swipe's photos, `[256, 256]` each, if photos are kept. */
  keptPhotos(taste: string, id: number): Uint8Array[] {
    return this.#opened().keptPhotos(taste, id);
  }

  /** Yields everything of a taste's swipes, one line of JSON each. */
  *exportLines(taste: string): Generator<string> {
    for (const swipe of exportSwipes(this.#opened().database, taste)) yield `${JSON.stringify(swipe)}\n`;
  }

  /** Returns what a taste has, how well the network agrees with it, and its versions. */
  async report(taste: string, threshold?: number): Promise<TasteAnswer> {
    const { home, learner, keepsPhotos, base, secondSession } = this.#options;
    const store = this.#opened();
    const { likes, passes, withFeatures, pending } = store.counts(taste);
    const { stale, withoutFeatures } = unusableSwipes(store.database, taste, base());
    const isServed = this.isServed(taste);
    const versions = isServed ? await listVersions(home) : [];
    return {
      taste: isServed ? 'owner' : 'own',
      ...{ likes, passes, withFeatures, withoutFeatures, stale, pending },
      likeRate: likes + passes > 0 ? likes / (likes + passes) : null,
      agreement: this.#agreement(taste, threshold),
      versions: versions.map(({ id, isActive, manifest }) => ({ id, isActive, metrics: manifest?.metrics ?? null })),
      learning: {
        isRunning: isServed && learner.isLearning,
        every: learner.every,
        last: (isServed && learner.last) || null,
      },
      profileKey: this.profileKey,
      keepsPhotos,
      secondSession: secondSession(),
    };
  }

  /** Starts learning, or does nothing if it is learning already. */
  learn(): void {
    void this.#options.learner.learn();
  }

  /** Makes a version the active model, also of this server. Returns false if there is no such version. */
  async activate(version: string): Promise<boolean> {
    const versions = await listVersions(this.#options.home);
    if (!isVersion(version) || !versions.some(({ id }) => id === version)) return false;
    await this.#options.use(version);
    return true;
  }

  /** Goes back to the version before the active one. Returns its ID, or undefined if there is none. */
  async rollback(): Promise<string | undefined> {
    const versions = await listVersions(this.#options.home);
    const before = versions[versions.findIndex(({ isActive }) => isActive) - 1];
    if (before) await this.#options.use(before.id);
    return before?.id;
  }

  /** Deletes everything of a taste. The owner's versions go too, and the server goes back to the model before them. */
  async erase(taste: string): Promise<TasteDeleted> {
    const { home, learner, use } = this.#options;
    if (this.isServed(taste)) await learner.cancel();
    this.#held.clear();
    return eraseTaste(home, this.#opened(), taste, () => use(undefined));
  }

  /** Stops learning and closes the store. */
  async close(): Promise<void> {
    await this.#options.learner.close();
    this.#store?.close();
  }

  #opened(): TasteStore {
    this.#store ??= this.#options.openStore();
    return this.#store;
  }

  #sourceOf({ scoreId }: SwipeRequest, photos: readonly DescribedPhoto[] | undefined): FeatureSource {
    if (scoreId !== undefined && photos === undefined) return { scoreId, grays: this.#held.take(scoreId) };
    return { photos: photos ?? [] };
  }

  #agreement(taste: string, threshold = this.#options.threshold): AgreementAnswer {
    const gate = replayGate(countedSwipes(this.#opened().judged(taste), threshold), this.#options.required);
    const { evidence, balanced, fadedBalanced: faded, lowerBound, required, isOpen, timesShut } = gate;
    return { ...evidence, balanced, faded, lowerBound, required, isOpen, timesShut };
  }
}

/** Returns the swipe to store. What the request leaves out comes from its score. */
function newSwipe(taste: string, request: SwipeRequest, score: ScoreBefore | undefined, photos: number): NewSwipe {
  const { site, profile, swipe, verdict, decision, decidedBy } = request;
  const before = decision &&
    decidedBy && {
      decision,
      decidedBy,
      probability: request.probability ?? score?.probability ?? null,
      threshold: request.threshold ?? score?.threshold ?? null,
      model: request.model ?? score?.model ?? null,
    };
  return {
    ...{ taste, site, profile, swipe, verdict, before: before ?? null },
    photoCount: request.photoCount ?? score?.photoCount ?? photos,
  };
}
