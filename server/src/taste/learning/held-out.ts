import type { TasteDatabase } from '../store/database.ts';

/** How well a version predicted a swipe that it wasn't learned from. */
export interface HeldOut {
  /** The ID of the swipe. */
  readonly swipe: number;
  /** The log loss in nats. */
  readonly loss: number;
}

/** How well a version predicts, from cross-validation. */
export interface VersionLosses {
  readonly version: string;
  readonly losses: readonly HeldOut[];
}

/** Stores how well a version predicts, and forgets all versions that don't exist. Throws CommandError, like the store. */
export function keepHeldOut(
  database: TasteDatabase,
  { version, losses }: VersionLosses,
  existing: ReadonlySet<string>,
): void {
  database.write(() => {
    for (const { version: known } of database.all<{ version: string }>('SELECT DISTINCT version FROM held_out')) {
      if (!existing.has(known)) database.run('DELETE FROM held_out WHERE version = ?', known);
    }
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
 * Returns true if a version with these losses predicts worse than an earlier one. Both are judged by the same swipes:
 * those that cross-validation held out for both. Over all swipes of each, a version would lose because the latest swipes
 * were hard.
 */
export function isWorse(database: TasteDatabase, losses: readonly HeldOut[], earlier: string): boolean {
  const rows = database.all<HeldOut>('SELECT swipe, loss FROM held_out WHERE version = ?', earlier);
  const before = new Map(rows.map(({ swipe, loss }) => [swipe, loss]));
  let difference = 0;
  for (const { swipe, loss } of losses) difference += loss - (before.get(swipe) ?? loss);
  return difference > 0;
}
