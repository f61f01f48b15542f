-- Attachments: files that records name by their SHA-256. size (bytes) and media_type are known once
-- something of the file is here. sealed_for: 0 everybody in the book, 1 leadership and treasurers.
-- state: 0 here whole, 1 wanted: asked for by a person, or partly here. asked: a person wants it,
-- however large it is. added: the moment it was whole, milliseconds since 1970.
CREATE TABLE attachment (
  n INTEGER PRIMARY KEY,
  book INTEGER NOT NULL REFERENCES book(n),
  sha256 BLOB NOT NULL,
  size INTEGER,
  media_type TEXT,
  sealed_for INTEGER NOT NULL DEFAULT 0,
  state INTEGER NOT NULL,
  asked INTEGER NOT NULL DEFAULT 0,
  added INTEGER,
  UNIQUE (book, sha256)
) STRICT;
-- Their bytes, in parts of one MiB; the last is as long as what is left. packed: by zstd.
CREATE TABLE attachment_part (
  attachment INTEGER NOT NULL REFERENCES attachment(n),
  part INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  packed INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (attachment, part)
) STRICT;
