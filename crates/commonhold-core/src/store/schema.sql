-- Tables of truth. They migrate forward only; what can be computed from them is in the read model.
CREATE TABLE setting (
  key TEXT PRIMARY KEY NOT NULL,
  value BLOB NOT NULL
) STRICT;
CREATE TABLE book (
  n INTEGER PRIMARY KEY,
  id BLOB NOT NULL UNIQUE
) STRICT;
CREATE TABLE document (
  n INTEGER PRIMARY KEY,
  book INTEGER NOT NULL REFERENCES book(n),
  name TEXT NOT NULL,
  UNIQUE (book, name)
) STRICT;
CREATE TABLE log (
  n INTEGER PRIMARY KEY,
  book INTEGER NOT NULL REFERENCES book(n),
  id BLOB NOT NULL,
  device BLOB NOT NULL,
  own INTEGER NOT NULL DEFAULT 0,
  UNIQUE (book, id)
) STRICT;
-- state: 0 taken in, 1 waiting for what it builds on, 2 refused for good (reason says why).
-- applied: order in which this device took it in; 0 while it has not.
CREATE TABLE object (
  n INTEGER PRIMARY KEY,
  log INTEGER NOT NULL REFERENCES log(n),
  seq INTEGER NOT NULL,
  document INTEGER REFERENCES document(n),
  hash BLOB NOT NULL,
  time INTEGER NOT NULL,
  state INTEGER NOT NULL,
  reason TEXT NOT NULL DEFAULT '',
  applied INTEGER NOT NULL DEFAULT 0,
  bytes BLOB NOT NULL,
  UNIQUE (log, seq)
) STRICT;
CREATE INDEX object_document ON object(document, applied);
CREATE INDEX object_unsettled ON object(state) WHERE state <> 0;
-- A cache of each document as this device saved it, with everything applied up to `applied`.
CREATE TABLE snapshot (
  document INTEGER PRIMARY KEY REFERENCES document(n),
  applied INTEGER NOT NULL,
  bytes BLOB NOT NULL
) STRICT;
