import type { TasteDatabase } from './database.ts';
import { SELECT_SWIPES, type SwipeRow, swipeOf } from './swipe-record.ts';

/**
 * Yields everything of a taste's swipes as JSON objects, oldest first: one per swipe, with its photos. Features are
 * base64 of 1,856 float16 numbers, little-endian; kept photos are base64 of 256 × 256 gray levels.
 *
 * Each swipe is read by itself, so a slow reader neither blocks a deletion nor keeps it from emptying the log. Swipes
 * that are stored meanwhile are left out, and so are deleted ones.
 */
export function* exportSwipes(database: TasteDatabase, taste: string): Generator<Record<string, unknown>> {
  const newest =
    database.get<{ id: number | null }>('SELECT max(id) AS id FROM swipes WHERE taste = ?', taste)?.id ?? 0;
  for (let last = 0; ; ) {
    const row = database.get<SwipeRow>(
      `${SELECT_SWIPES} WHERE taste = ? AND id > ? AND id <= ? ORDER BY id LIMIT 1`,
      ...[taste, last, newest],
    );
    if (!row) return;
    last = row.id;
    const { at, photos: _count, ...swipe } = swipeOf(row);
    const photos = database.all<PhotoRow>(
      `SELECT features, gray, sha256, precision FROM photos JOIN bodies ON bodies.id = photos.body
      WHERE swipe = ? ORDER BY photos.id`,
      row.id,
    );
    yield {
      ...swipe,
      at: at.toISOString(),
      photos: photos.map(({ features, gray, sha256, precision }) => ({
        features: base64(features),
        body: { sha256, precision },
        ...(gray && { gray: base64(gray) }),
      })),
    };
  }
}

interface PhotoRow {
  readonly features: Uint8Array;
  readonly gray: Uint8Array | null;
  readonly sha256: string;
  readonly precision: string;
}

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
