import type { TasteDatabase } from './database.ts';

/** How well a version predicted a swipe that it wasn't learned from. */
export interface HeldOut {
  /** The ID of the swipe. */
  readonly swipe: number;
  /** The log loss in nats. */
  readonly loss: number;
}

/** Stores how well a version predicts, from cross-validation. Throws CommandError, like the store. */
export function keepHeldOut(database: TasteDatabase, version: string, losses: readonly HeldOut[]): void {
  database.write(() => {
    for (const { swipe, loss } of losses) {
      // A swipe may have been deleted while the version was learned.
      database.run(
        'INSERT OR REPLACE INTO held_out (version, swipe, loss) SELECT ?, id, ? FROM swipes WHERE id = ?',
        ...[version, loss, swipe],
      );
    }
  });
}

/**
 * Returns true if a version predicts worse than an earlier one. Both are judged by the same swipes: those that cross-
 * validation held out for both. Over all swipes of each, a version would lose because the latest swipes were hard.
 */
export function isWorse(database: TasteDatabase, version: string, earlier: string): boolean {
  const row = database.get<{ difference: number | null }>(
    `SELECT avg(one.loss - other.loss) AS difference FROM held_out AS one JOIN held_out AS other USING (swipe)
    WHERE one.version = ? AND other.version = ?`,
    ...[version, earlier],
  );
  return (row?.difference ?? 0) > 0;
}

/** Forgets all versions but these. */
export function forgetVersions(database: TasteDatabase, except: readonly string[]): void {
  const kept = new Set(except);
  const versions = database.all<{ version: string }>('SELECT DISTINCT version FROM held_out');
  database.write(() => {
    for (const { version } of versions) {
      if (!kept.has(version)) database.run('DELETE FROM held_out WHERE version = ?', version);
    }
  });
}
