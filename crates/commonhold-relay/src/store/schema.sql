CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

-- used: last day somebody read or wrote it, milliseconds since 1970.
-- bytes: of its files, and 300 for each name.
-- forgotten: changes up to this number may be remembered no more.
CREATE TABLE topic (
    id INTEGER PRIMARY KEY,
    key BLOB NOT NULL UNIQUE,
    used INTEGER NOT NULL,
    forgotten INTEGER NOT NULL,
    files INTEGER NOT NULL,
    bytes INTEGER NOT NULL
) STRICT;
CREATE INDEX topic_used ON topic (used);

-- One row for each name. A new number for each change, never used again.
-- bytes: null if the file was taken away.
CREATE TABLE object (
    n INTEGER PRIMARY KEY AUTOINCREMENT,
    topic INTEGER NOT NULL,
    name TEXT NOT NULL,
    bytes INTEGER,
    at INTEGER NOT NULL,
    UNIQUE (topic, name)
) STRICT;
CREATE INDEX object_change ON object (topic, n);
CREATE INDEX object_removed ON object (at) WHERE bytes IS NULL;

-- Apart, so that listings read no bodies.
CREATE TABLE body (n INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT;
