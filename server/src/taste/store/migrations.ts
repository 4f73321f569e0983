/**
 * The steps from an empty database to this version's tables. A database has done as many of them as its `user_version`
 * says. Steps are only ever appended: a released one never changes.
 */
export const MIGRATIONS: readonly string[] = [
  `
  -- Facts about the whole database.
  CREATE TABLE facts (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;

  -- Network bodies that features come from. Features of different bodies don't fit together.
  CREATE TABLE bodies (
    id INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
    precision TEXT NOT NULL CHECK (precision IN ('fp32', 'int8')),
    UNIQUE (sha256, precision)
  ) STRICT;

  -- One row per taste and profile. AUTOINCREMENT, so that an ID that was deleted never means another swipe.
  CREATE TABLE swipes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    taste TEXT NOT NULL,
    site TEXT NOT NULL,
    profile TEXT NOT NULL CHECK (length(profile) BETWEEN 1 AND 128),
    at INTEGER NOT NULL, -- milliseconds since 1970
    swipe TEXT NOT NULL CHECK (swipe IN ('left', 'right')),
    photo_count INTEGER NOT NULL CHECK (photo_count >= 0),
    verdict TEXT NOT NULL CHECK (verdict IN ('hidden', 'shown', 'none')),
    decision TEXT CHECK (decision IN ('left', 'right', 'hold')),
    decided_by TEXT CHECK (decided_by IN ('network', 'rule', 'words')),
    probability REAL CHECK (probability BETWEEN 0 AND 1),
    threshold REAL CHECK (threshold BETWEEN 0 AND 1),
    model TEXT,
    replaced INTEGER NOT NULL DEFAULT 0, -- how often a later swipe replaced this one
    score TEXT, -- the score that its features came from, so that a retry is recognized
    UNIQUE (taste, site, profile),
    CHECK ((decision IS NULL) = (decided_by IS NULL))
  ) STRICT;

  -- Scored profiles that nobody has swiped yet.
  CREATE TABLE scores (
    id TEXT PRIMARY KEY,
    taste TEXT NOT NULL,
    at INTEGER NOT NULL,
    photo_count INTEGER NOT NULL,
    model TEXT NOT NULL,
    threshold REAL NOT NULL,
    probability REAL,
    photos INTEGER NOT NULL -- how many of them have features here
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX scores_by_age ON scores (at);

  -- A photo belongs to a swipe or to a score. The features are 1,856 float16 numbers, little-endian.
  CREATE TABLE photos (
    id INTEGER PRIMARY KEY,
    swipe INTEGER REFERENCES swipes (id) ON DELETE CASCADE,
    score TEXT REFERENCES scores (id) ON DELETE CASCADE,
    body INTEGER NOT NULL REFERENCES bodies (id),
    features BLOB NOT NULL CHECK (length(features) = 3712),
    gray BLOB CHECK (length(gray) = 65536), -- 256 × 256, row by row
    CHECK ((swipe IS NULL) <> (score IS NULL)),
    CHECK (gray IS NULL OR swipe IS NOT NULL)
  ) STRICT;
  CREATE INDEX photos_by_swipe ON photos (swipe) WHERE swipe IS NOT NULL;
  CREATE INDEX photos_by_score ON photos (score) WHERE score IS NOT NULL;
  `,
  `
  DROP TABLE facts;

  -- How well a version predicted a swipe that it wasn't learned from, to compare it with the next version.
  CREATE TABLE held_out (
    version TEXT NOT NULL,
    swipe INTEGER NOT NULL REFERENCES swipes (id) ON DELETE CASCADE,
    loss REAL NOT NULL, -- the log loss in nats
    PRIMARY KEY (version, swipe)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX held_out_by_swipe ON held_out (swipe);
  `,
];
