import type { TasteDatabase } from './database.ts';
import { type DescribedPhoto, FEATURE_BYTES, insertPhotos } from './described-photo.ts';

/** What a profile was scored by. */
export interface ScoreBefore {
  /** How many photos the profile has. */
  readonly photoCount: number;
  /** The ID of the model that scored it. */
  readonly model: string;
  readonly threshold: number;
  /** The probability of a like, 0 to 1, or null if there is none. */
  readonly probability: number | null;
}

/** A profile that was scored and that nobody has swiped yet. */
export interface PendingScore extends ScoreBefore {
  readonly taste: string;
}

/** What a profile was decided by, and when, in milliseconds since 1970. */
export interface Judgement {
  readonly at: number;
  readonly probability: number;
  readonly threshold: number;
}

/** How many scores to keep, and for how long. */
export interface ScoreLimits {
  readonly ageMs: number;
  readonly scores: number;
  /** Bytes of features. */
  readonly bytes: number;
}

/** A profile of five photos takes 20 kB, so the limits of number and of bytes are about the same. */
export const SCORE_LIMITS: ScoreLimits = { ageMs: 24 * 3_600_000, scores: 3_000, bytes: 64 << 20 };

/**
 * Scores that wait for their swipe: the features of the photos, never pixels. They are in the database, so they survive a
 * restart, and they are bounded: the oldest ones go first.
 */
export class PendingScores {
  readonly #database: TasteDatabase;
  readonly #now: () => Date;
  readonly #limits: ScoreLimits;

  constructor(database: TasteDatabase, now: () => Date, limits: ScoreLimits) {
    this.#database = database;
    this.#now = now;
    this.#limits = limits;
  }

  /**
   * Keeps a score for 24 hours, and removes those over the limits. A score that is kept already is renewed.
   *
   * @param id nobody can guess it, and it depends on everything that the score does, see {@link scoreIdOf}.
   * @throws CommandError `taste_disk_full`, `taste_busy`, `taste_unusable`.
   */
  keep(id: string, score: PendingScore, photos: readonly Omit<DescribedPhoto, 'gray'>[]): void {
    const { taste, photoCount, model, threshold, probability } = score;
    this.#database.write(() => {
      if (this.#renew(taste, id)) return;
      this.#database.run('DELETE FROM scores WHERE id = ?', id); // it has expired
      this.#database.run(
        `INSERT INTO scores (id, taste, at, photo_count, model, threshold, probability, photos)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
        ...[id, taste, this.#now().getTime(), photoCount, model, threshold, probability, photos.length],
      );
      insertPhotos(this.#database, { score: id }, photos);
      this.#prune();
    });
  }

  /** Returns a score, or undefined if this taste has none with this ID or it has expired. */
  find(taste: string, id: string): PendingScore | undefined {
    const row = this.#database.get<ScoreRow>(
      'SELECT * FROM scores WHERE id = ? AND taste = ? AND at > ?',
      ...[id, taste, this.#expiredAt()],
    );
    if (!row) return undefined;
    const { photo_count: photoCount, model, threshold, probability } = row;
    return { taste, photoCount, model, threshold, probability };
  }

  /** Makes a score valid for another 24 hours. Returns false if {@link find} wouldn't find it. */
  #renew(taste: string, id: string): boolean {
    const sql = 'UPDATE scores SET at = ? WHERE id = ? AND taste = ? AND at > ?';
    return this.#database.run(sql, this.#now().getTime(), id, taste, this.#expiredAt()).changes > 0;
  }

  /** Returns the latest scores of a taste that have a probability, newest first. */
  latest(taste: string, limit: number): Judgement[] {
    return this.#database.all<Judgement>(
      'SELECT at, probability, threshold FROM scores WHERE taste = ? AND probability IS NOT NULL ORDER BY at DESC LIMIT ?',
      ...[taste, limit],
    );
  }

  /** Removes expired scores. {@link keep} does it too, so this is for a server that has nothing to score. */
  prune(): void {
    this.#database.write(() => this.#prune());
  }

  #prune(): void {
    this.#database.run('DELETE FROM scores WHERE at <= ?', this.#expiredAt());
    const total = this.#database.get<{ scores: number; photos: number }>(
      'SELECT count(*) AS scores, total(photos) AS photos FROM scores',
    )!;
    let { scores, photos } = total;
    while (scores > this.#limits.scores || photos * FEATURE_BYTES > this.#limits.bytes) {
      const oldest = this.#database.get<{ id: string; photos: number }>(
        'SELECT id, photos FROM scores ORDER BY at, id LIMIT 1',
      )!;
      this.#database.run('DELETE FROM scores WHERE id = ?', oldest.id);
      scores -= 1;
      photos -= oldest.photos;
    }
  }

  #expiredAt(): number {
    return this.#now().getTime() - this.#limits.ageMs;
  }
}

interface ScoreRow {
  readonly photo_count: number;
  readonly model: string;
  readonly threshold: number;
  readonly probability: number | null;
}
