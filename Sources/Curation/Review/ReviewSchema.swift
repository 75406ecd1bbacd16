/// The table of what reviewers said.
enum ReviewSchema {
  static let table = """
    CREATE TABLE review (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      -- Reviews of one batch are taken back together.
      batch INTEGER NOT NULL,
      suggestion INTEGER NOT NULL REFERENCES suggestion (id),
      sample INTEGER NOT NULL REFERENCES sample (id),
      reviewer TEXT NOT NULL CHECK (reviewer <> ''),
      action TEXT NOT NULL CHECK (action IN ('accept', 'reject', 'relabel', 'ambiguous', 'exclude', 'skip')),
      label TEXT REFERENCES class (name),
      second TEXT REFERENCES class (name),
      origin TEXT NOT NULL,
      seconds REAL,
      -- 0: a second opinion, which changes nothing.
      applied INTEGER NOT NULL CHECK (applied IN (0, 1)),
      -- The suggestion and the sample before and after, as JSON: what an undo compares and restores.
      "before" TEXT NOT NULL CHECK (json_valid("before")),
      "after" TEXT NOT NULL CHECK (json_valid("after")),
      run INTEGER REFERENCES run (id),
      time TEXT NOT NULL,
      undone TEXT,
      -- The run of the kind `undo` that took it back, if it was one.
      undoneBy INTEGER REFERENCES run (id)
    );
    CREATE INDEX reviewBySuggestion ON review (suggestion);
    CREATE INDEX reviewByReviewer ON review (reviewer);
    CREATE INDEX reviewByBatch ON review (batch);
    CREATE INDEX reviewByRun ON review (run);
    CREATE INDEX reviewTakenBack ON review (undone) WHERE undone IS NOT NULL;
    """
}
