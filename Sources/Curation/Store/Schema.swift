import GRDB

/// The tables of a dataset file, and how files of earlier versions become files of this one.
///
/// What must hold is written here as constraints, so that no other tool can break it either. To change the schema,
/// append a migration; one that was released is never edited.
enum Schema {
  /// `FERC`: tells a dataset from any other SQLite file.
  static let applicationID: Int32 = 0x4645_5243
  /// Bytes of a page: of 4096, 8192, 16384 and 32768, the fastest for pictures of 2,304 bytes.
  static let pageSize = 16384

  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1") { db in
      try db.execute(sql: "PRAGMA application_id = \(applicationID)")
      try db.execute(sql: samples)
      try db.execute(sql: provenance)
      try db.execute(sql: evidence)
    }
    migrator.registerMigration("review") { try $0.execute(sql: ReviewSchema.table) }
    return migrator
  }

  private static let samples = """
    CREATE TABLE class (
      id INTEGER PRIMARY KEY CHECK (id >= 0),
      name TEXT NOT NULL UNIQUE CHECK (name <> '')
    );

    CREATE TABLE source (
      id INTEGER PRIMARY KEY,
      name TEXT NOT NULL CHECK (name <> ''),
      kind TEXT NOT NULL,
      keyPrefix TEXT NOT NULL,
      -- Items of the source, rejected ones included.
      items INTEGER NOT NULL DEFAULT 0,
      UNIQUE (kind, name)
    );

    CREATE TABLE sample (
      id INTEGER PRIMARY KEY,
      key TEXT NOT NULL UNIQUE CHECK (key <> ''),
      split TEXT NOT NULL CHECK (split IN ('train', 'validation', 'test')),
      label TEXT REFERENCES class (name),
      excluded INTEGER NOT NULL DEFAULT 0 CHECK (excluded IN (0, 1)),
      width INTEGER NOT NULL CHECK (width > 0),
      height INTEGER NOT NULL CHECK (height > 0),
      channels INTEGER NOT NULL CHECK (channels IN (1, 3)),
      encoding TEXT NOT NULL CHECK (encoding IN ('gray8', 'png', 'jpeg', 'pnm', 'link', 'derived')),
      pixelHash TEXT NOT NULL CHECK (length(pixelHash) = 64),
      source INTEGER NOT NULL REFERENCES source (id),
      "group" TEXT,
      -- The original file of a linked sample.
      path TEXT,
      CHECK ((encoding = 'link') = (path IS NOT NULL))
    );

    -- Apart from `sample`, so that reading everything but the pixels touches few pages.
    CREATE TABLE image (
      sample INTEGER PRIMARY KEY REFERENCES sample (id),
      bytes BLOB NOT NULL
    );

    CREATE TABLE derivation (
      sample INTEGER PRIMARY KEY REFERENCES sample (id),
      parent INTEGER NOT NULL REFERENCES sample (id) CHECK (parent < sample),
      operations TEXT NOT NULL CHECK (json_valid(operations))
    );
    CREATE INDEX derivationByParent ON derivation (parent);

    CREATE TABLE rejection (
      source INTEGER NOT NULL REFERENCES source (id),
      item TEXT NOT NULL,
      reason TEXT NOT NULL,
      PRIMARY KEY (source, item)
    ) WITHOUT ROWID;
    """

  private static let provenance = """
    CREATE TABLE run (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      kind TEXT NOT NULL CHECK (kind <> ''),
      recipe TEXT NOT NULL CHECK (json_valid(recipe)),
      seed INTEGER,
      version TEXT NOT NULL,
      started TEXT NOT NULL,
      finished TEXT,
      outcome TEXT,
      undoes INTEGER REFERENCES run (id) CHECK (undoes < id)
    );

    CREATE TABLE labelEvent (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      sample INTEGER NOT NULL REFERENCES sample (id),
      field TEXT NOT NULL CHECK (field IN ('label', 'split', 'excluded')),
      "from" TEXT,
      "to" TEXT,
      actor TEXT NOT NULL CHECK (actor <> ''),
      run INTEGER REFERENCES run (id),
      reason TEXT NOT NULL,
      time TEXT NOT NULL,
      CHECK ("from" IS NOT "to")
    );
    CREATE INDEX labelEventBySample ON labelEvent (sample);
    CREATE INDEX labelEventByRun ON labelEvent (run);

    CREATE TRIGGER labelEventIsNeverEdited BEFORE UPDATE ON labelEvent
    BEGIN SELECT RAISE (ABORT, 'label events are never edited'); END;
    CREATE TRIGGER labelEventIsNeverRemoved BEFORE DELETE ON labelEvent
    BEGIN SELECT RAISE (ABORT, 'label events are never removed'); END;
    """

  private static let evidence = """
    CREATE TABLE suggestion (
      id INTEGER PRIMARY KEY,
      run INTEGER NOT NULL REFERENCES run (id),
      sample INTEGER NOT NULL REFERENCES sample (id),
      "from" TEXT NOT NULL,
      "to" TEXT REFERENCES class (name),
      confidence REAL NOT NULL CHECK (confidence BETWEEN 0 AND 1),
      verdict TEXT NOT NULL CHECK (verdict IN ('wrong', 'ambiguous', 'not-a-face')),
      signals TEXT NOT NULL CHECK (json_valid(signals)),
      state TEXT NOT NULL DEFAULT 'open'
        CHECK (state IN ('open', 'accepted', 'rejected', 'relabelled', 'skipped')),
      decidedBy TEXT,
      decidedAt TEXT,
      UNIQUE (run, sample),
      CHECK ((state = 'open') = (decidedBy IS NULL) AND (state = 'open') = (decidedAt IS NULL))
    );
    CREATE INDEX suggestionBySample ON suggestion (sample);

    -- What was decided about a suggestion, in order; appended like label events.
    CREATE TABLE decision (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      suggestion INTEGER NOT NULL REFERENCES suggestion (id),
      "from" TEXT NOT NULL,
      "to" TEXT NOT NULL,
      actor TEXT NOT NULL,
      run INTEGER REFERENCES run (id),
      time TEXT NOT NULL
    );
    CREATE INDEX decisionBySuggestion ON decision (suggestion);
    CREATE INDEX decisionByRun ON decision (run);

    CREATE TABLE score (
      run INTEGER NOT NULL REFERENCES run (id),
      sample INTEGER NOT NULL REFERENCES sample (id),
      label TEXT NOT NULL,
      quality REAL NOT NULL CHECK (quality BETWEEN 0 AND 1),
      verdict TEXT CHECK (verdict IN ('wrong', 'ambiguous', 'not-a-face')),
      signals TEXT NOT NULL CHECK (json_valid(signals)),
      PRIMARY KEY (run, sample)
    ) WITHOUT ROWID;

    CREATE TABLE finding (
      id INTEGER PRIMARY KEY,
      run INTEGER NOT NULL REFERENCES run (id),
      "check" TEXT NOT NULL,
      sample INTEGER NOT NULL REFERENCES sample (id),
      score REAL NOT NULL CHECK (score BETWEEN 0 AND 1),
      "group" TEXT,
      detail TEXT NOT NULL
    );
    CREATE INDEX findingByCheck ON finding ("check");

    CREATE TABLE vote (
      sample INTEGER NOT NULL REFERENCES sample (id),
      class TEXT NOT NULL,
      count INTEGER NOT NULL CHECK (count > 0),
      PRIMARY KEY (sample, class)
    ) WITHOUT ROWID;
    """
}
