import type { Home } from '../../home/home.ts';
import { TasteDatabase } from './database.ts';
import { busy } from './database-error.ts';
import { insertPhotos } from './described-photo.ts';
import { type Judgement, PendingScores, SCORE_LIMITS, type ScoreBefore, type ScoreLimits } from './pending-scores.ts';
import {
  type FeatureSource,
  isSameSwipe,
  type JudgedSwipe,
  type NewSwipe,
  type ProfileKey,
  type RecordedSwipe,
  SELECT_SWIPES,
  type StoredSwipe,
  type SwipeRow,
  swipeOf,
} from './swipe-record.ts';

/** What a taste has. */
export interface TasteCounts {
  readonly likes: number;
  readonly passes: number;
  /** Swipes with features, which can be learned from. */
  readonly withFeatures: number;
  /** Photos with features. */
  readonly photos: number;
  /** Scores that wait for their swipe. */
  readonly pending: number;
}

/** What a store needs besides its database. */
export interface StoreOptions {
  readonly now: () => Date;
  readonly limits?: ScoreLimits;
}

/**
 * The swipes of a person, with the features of the photos, in `taste/taste.db` of the home folder. A swipe is stored
 * whole or not at all, and it stays even if the machine loses power right after.
 *
 * Every method throws CommandError `taste_disk_full`, `taste_busy` or `taste_unusable`; what was stored before stays.
 */
export class TasteStore {
  readonly database: TasteDatabase;
  readonly scores: PendingScores;
  readonly #now: () => Date;
  /** True if deleted content may still be in the log, because another process was reading from it. */
  #owesEmptyLog = false;

  constructor(database: TasteDatabase, { now, limits = SCORE_LIMITS }: StoreOptions) {
    this.database = database;
    this.scores = new PendingScores(database, now, limits);
    this.#now = now;
  }

  /** Opens the store of a home folder and creates it if it doesn't exist. Throws CommandError `taste_newer`, too. */
  static open(home: Home, options: StoreOptions): TasteStore {
    return new TasteStore(new TasteDatabase(home.tasteDatabase), options);
  }

  /**
   * Stores a swipe. A profile has one swipe per taste: a second one replaces the first, and the same one again changes
   * nothing. The features of a pending score move to the swipe. A replacement without features keeps the earlier ones.
   *
   * @returns undefined if the score is unknown or has expired, and nothing was stored.
   */
  record(swipe: NewSwipe, source: FeatureSource): RecordedSwipe | undefined {
    return this.database.write(() => this.#record(swipe, source), { durable: true });
  }

  #record(swipe: NewSwipe, source: FeatureSource): RecordedSwipe | undefined {
    const { taste, site, profile } = swipe;
    const before = this.database.get<SwipeRow>(
      `${SELECT_SWIPES} WHERE taste = ? AND site = ? AND profile = ?`,
      ...[taste, site, profile],
    );
    const scoreId = 'scoreId' in source ? source.scoreId : null;
    const isPending = scoreId !== null && this.scores.find(taste, scoreId) !== undefined;
    const isTaken = scoreId !== null && before?.score === scoreId;
    if (scoreId !== null && !isPending && !isTaken) return undefined;
    const isSame = before !== undefined && isSameSwipe(before, swipe);
    const id = before ? (isSame ? before.id : this.#replace(before.id, swipe)) : this.#insert(swipe);
    const hasNewFeatures = isPending || ('photos' in source && source.photos.length > 0);
    if (hasNewFeatures) this.#giveFeatures(id, source);
    const photos = this.database.get<{ photos: number }>('SELECT count(*) AS photos FROM photos WHERE swipe = ?', id)!;
    return { id, outcome: before ? (isSame ? 'unchanged' : 'replaced') : 'added', ...photos };
  }

  /** Returns what a profile was scored by, also after its swipe has used up the score. Undefined if it is unknown. */
  scoreOf({ taste, site, profile }: ProfileKey, scoreId: string): ScoreBefore | undefined {
    return (
      this.scores.find(taste, scoreId) ??
      this.database.get<ScoreBefore>(
        `SELECT photo_count AS photoCount, model, threshold, probability FROM swipes
        WHERE taste = ? AND site = ? AND profile = ? AND score = ?`,
        ...[taste, site, profile, scoreId],
      )
    );
  }

  #insert(swipe: NewSwipe): number {
    const { taste, site, profile } = swipe;
    return this.database.run(
      `INSERT INTO swipes (taste, site, profile, at, swipe, photo_count, verdict,
        decision, decided_by, probability, threshold, model)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ...[taste, site, profile, ...this.#changeable(swipe)],
    ).id;
  }

  #replace(id: number, swipe: NewSwipe): number {
    this.database.run(
      `UPDATE swipes SET at = ?, swipe = ?, photo_count = ?, verdict = ?,
        decision = ?, decided_by = ?, probability = ?, threshold = ?, model = ?, replaced = replaced + 1
      WHERE id = ?`,
      ...this.#changeable(swipe),
      id,
    );
    this.database.run('DELETE FROM held_out WHERE swipe = ?', id); // it was about the earlier swipe
    return id;
  }

  #changeable({ swipe, photoCount, verdict, before }: NewSwipe) {
    const decision = [before?.decision, before?.decidedBy, before?.probability, before?.threshold, before?.model];
    return [this.#now().getTime(), swipe, photoCount, verdict, ...decision.map((value) => value ?? null)];
  }

  /** Replaces the features of a swipe. */
  #giveFeatures(id: number, source: FeatureSource): void {
    this.database.run('DELETE FROM photos WHERE swipe = ?', id);
    if ('photos' in source) {
      insertPhotos(this.database, { swipe: id }, source.photos);
      return;
    }
    const { scoreId, grays = [] } = source;
    this.database.run('UPDATE photos SET swipe = ?, score = NULL WHERE score = ?', id, scoreId);
    this.database.run('UPDATE swipes SET score = ? WHERE id = ?', scoreId, id);
    this.database.run('DELETE FROM scores WHERE id = ?', scoreId);
    const photos = this.database.all<{ id: number }>('SELECT id FROM photos WHERE swipe = ? ORDER BY id', id);
    for (const [at, photo] of photos.entries()) {
      this.database.run('UPDATE photos SET gray = ? WHERE id = ?', grays[at] ?? null, photo.id);
    }
  }

  /** Returns a swipe, or undefined if this taste has none with this ID. */
  get(taste: string, id: number): StoredSwipe | undefined {
    const row = this.database.get<SwipeRow>(`${SELECT_SWIPES} WHERE id = ? AND taste = ?`, id, taste);
    return row && swipeOf(row);
  }

  /**
   * Returns up to `limit` swipes, newest first, older than the swipe `cursor`.
   *
   * @returns `next`, the cursor for the next page, or null if there is none.
   */
  list(
    taste: string,
    { cursor = Number.MAX_SAFE_INTEGER, limit }: { readonly cursor?: number; readonly limit: number },
  ) {
    const rows = this.database.all<SwipeRow>(
      `${SELECT_SWIPES} WHERE taste = ? AND id < ? ORDER BY id DESC LIMIT ?`,
      ...[taste, cursor, limit + 1],
    );
    const swipes = rows.slice(0, limit).map(swipeOf);
    return { swipes, next: rows.length > limit ? swipes.at(-1)!.id : null };
  }

  /** Returns the gray copies of a swipe's photos, `[256, 256]` each. There are none if photos aren't kept. */
  keptPhotos(taste: string, id: number): Uint8Array[] {
    const rows = this.database.all<{ gray: Uint8Array }>(
      `SELECT gray FROM photos JOIN swipes ON swipes.id = photos.swipe
      WHERE taste = ? AND swipes.id = ? AND gray IS NOT NULL ORDER BY photos.id`,
      ...[taste, id],
    );
    return rows.map(({ gray }) => gray);
  }

  /** Returns the swipe that was stored or replaced last, or undefined if there is none. */
  latest(taste: string): StoredSwipe | undefined {
    const row = this.database.get<SwipeRow>(
      `${SELECT_SWIPES} WHERE taste = ? ORDER BY at DESC, id DESC LIMIT 1`,
      taste,
    );
    return row && swipeOf(row);
  }

  /** Returns all swipes in the order of their profiles' first swipe, as `countedSwipes` takes them. */
  judged(taste: string): JudgedSwipe[] {
    const rows = this.database.all<Omit<JudgedSwipe, 'isFirst'> & { replaced: number }>(
      `SELECT swipe, decision, probability, decided_by AS decidedBy, verdict, model, replaced FROM swipes
      WHERE taste = ? ORDER BY id`,
      taste,
    );
    return rows.map(({ replaced, ...judged }) => ({ ...judged, isFirst: replaced === 0 }));
  }

  /** Returns how many swipes a taste has. */
  total(taste: string): number {
    return this.database.get<{ total: number }>('SELECT count(*) AS total FROM swipes WHERE taste = ?', taste)!.total;
  }

  /** Returns what the latest profiles of a taste were decided by, swiped or not, newest first. */
  judgements(taste: string, limit: number): Judgement[] {
    const swiped = this.database.all<Judgement>(
      `SELECT at, probability, threshold FROM swipes
      WHERE taste = ? AND probability IS NOT NULL AND threshold IS NOT NULL ORDER BY id DESC LIMIT ?`,
      ...[taste, limit],
    );
    return [...swiped, ...this.scores.latest(taste, limit)].toSorted((one, other) => other.at - one.at).slice(0, limit);
  }

  /** Counts what a taste has. */
  counts(taste: string): TasteCounts {
    return this.database.get<TasteCounts>(
      `SELECT
        (SELECT count(*) FROM swipes WHERE taste = ?1 AND swipe = 'right') AS likes,
        (SELECT count(*) FROM swipes WHERE taste = ?1 AND swipe = 'left') AS passes,
        (SELECT count(DISTINCT photos.swipe) FROM photos JOIN swipes ON swipes.id = photos.swipe WHERE taste = ?1) AS withFeatures,
        (SELECT count(*) FROM photos JOIN swipes ON swipes.id = photos.swipe WHERE taste = ?1) AS photos,
        (SELECT count(*) FROM scores WHERE taste = ?1) AS pending`,
      taste,
    )!;
  }

  /**
   * Deletes a swipe with its features. Its bytes are then neither in the database nor in its log, unless another process
   * reads from the log; in that case, the next deletion or {@link close} empties it.
   *
   * @returns false if this taste has no swipe with this ID.
   */
  remove(taste: string, id: number): boolean {
    const sql = 'DELETE FROM swipes WHERE id = ? AND taste = ?';
    const isRemoved = this.database.write(() => this.database.run(sql, id, taste).changes > 0, { durable: true });
    if (isRemoved || this.#owesEmptyLog) this.#owesEmptyLog = !this.database.emptyLog({ wait: false });
    return isRemoved;
  }

  /**
   * Deletes everything of a taste: swipes, features, photos and pending scores. Nothing of it is left on the disk.
   *
   * @returns the number of deleted swipes.
   * @throws CommandError `taste_busy` or `taste_disk_full`. Everything may be deleted then, but still be in the log; call
   *   it again.
   */
  erase(taste: string): number {
    const erased = this.database.write(
      () => {
        this.database.run('DELETE FROM scores WHERE taste = ?', taste);
        return this.database.run('DELETE FROM swipes WHERE taste = ?', taste).changes;
      },
      { durable: true },
    );
    this.#owesEmptyLog = true;
    this.database.vacuum();
    this.#owesEmptyLog = !this.database.emptyLog({ wait: true });
    if (this.#owesEmptyLog) throw busy(this.database.path);
    return erased;
  }

  /** Closes the database. The last process to close it removes its log. */
  close(): void {
    this.database.close();
  }
}
