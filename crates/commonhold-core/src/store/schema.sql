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
-- before_log, before_seq: the log of the same device this one goes on from, and where it ended.
-- trunk, first: for a branch, the log its objects name, and the number of its first object. A branch
-- begins where a device said several things at one place of its log; it goes on from what was there
-- before that place.
-- shown: up to which number others may have seen what this installation wrote; what comes after may
-- still be joined.
CREATE TABLE log (
  n INTEGER PRIMARY KEY,
  book INTEGER NOT NULL REFERENCES book(n),
  id BLOB NOT NULL,
  device BLOB NOT NULL,
  own INTEGER NOT NULL DEFAULT 0,
  before_log BLOB,
  before_seq INTEGER,
  first INTEGER NOT NULL DEFAULT 1,
  trunk INTEGER REFERENCES log(n),
  shown INTEGER NOT NULL DEFAULT 0,
  UNIQUE (book, id)
) STRICT;
CREATE INDEX log_trunk ON log(trunk) WHERE trunk IS NOT NULL;
-- The statements that objects of a log cite, taken together with all that earlier ones cite.
-- verdict: what was last found of their writer, to notice when that changes.
CREATE TABLE stance (
  n INTEGER PRIMARY KEY,
  log INTEGER NOT NULL REFERENCES log(n),
  cites BLOB NOT NULL,
  verdict BLOB,
  UNIQUE (log, cites)
) STRICT;
-- kind: 1 changes, 3 statements, 4 keys.
-- state: 0 taken in, 1 waiting for what it builds on, 2 refused for good, 3 held back since its
-- device was removed, 4 not its writer's to write, 5 sealed with a key this device has not. The
-- reason says why.
-- applied: order in which this device took it in; 0 while it has not. released: taken in although
-- held back, because a member built on it. own: whether this installation wrote it.
CREATE TABLE object (
  n INTEGER PRIMARY KEY,
  log INTEGER NOT NULL REFERENCES log(n),
  seq INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  document INTEGER REFERENCES document(n),
  stance INTEGER NOT NULL REFERENCES stance(n),
  hash BLOB NOT NULL,
  time INTEGER NOT NULL,
  state INTEGER NOT NULL,
  reason TEXT NOT NULL DEFAULT '',
  applied INTEGER NOT NULL DEFAULT 0,
  released INTEGER NOT NULL DEFAULT 0,
  bytes BLOB NOT NULL,
  own INTEGER NOT NULL DEFAULT 0,
  UNIQUE (log, seq)
) STRICT;
CREATE INDEX object_document ON object(document, applied);
CREATE INDEX object_unsettled ON object(state) WHERE state <> 0;
CREATE INDEX object_stance ON object(stance, seq);
CREATE INDEX object_hash ON object(hash);
CREATE INDEX object_kind ON object(kind) WHERE kind <> 1;
-- Which object brought a change of a document.
CREATE TABLE change (
  hash BLOB PRIMARY KEY NOT NULL,
  object INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
-- A cache of each document as this device saved it, with everything applied up to `applied`.
CREATE TABLE snapshot (
  document INTEGER PRIMARY KEY REFERENCES document(n),
  applied INTEGER NOT NULL,
  bytes BLOB NOT NULL
) STRICT;
