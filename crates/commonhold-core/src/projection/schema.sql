-- The read model: disposable, rebuilt from the documents whenever its text changes. The values of
-- secrets are not in it. Besides these
-- tables there is one table a kind, named after its plural, made from the kind's columns.
CREATE TABLE record (
  n INTEGER PRIMARY KEY,
  book INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  id BLOB NOT NULL,
  document INTEGER NOT NULL,
  UNIQUE (id, kind, book)
) STRICT;
CREATE TABLE document_size (
  document INTEGER PRIMARY KEY,
  records INTEGER NOT NULL
) STRICT;
CREATE TABLE key (
  n INTEGER PRIMARY KEY,
  id BLOB NOT NULL UNIQUE
) STRICT;
CREATE TABLE posting (
  n INTEGER NOT NULL,
  line INTEGER NOT NULL,
  account INTEGER NOT NULL,
  fund INTEGER NOT NULL,
  minor INTEGER NOT NULL,
  currency TEXT NOT NULL,
  memo TEXT,
  price TEXT,
  PRIMARY KEY (n, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX posting_account ON posting(account);
CREATE TABLE sum (
  book INTEGER NOT NULL,
  account INTEGER NOT NULL,
  fund INTEGER NOT NULL,
  currency TEXT NOT NULL,
  month INTEGER NOT NULL,
  minor INTEGER NOT NULL,
  PRIMARY KEY (book, account, fund, currency, month)
) STRICT, WITHOUT ROWID;
CREATE TABLE link (
  target INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  relation INTEGER NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY (target, kind, relation, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX link_correction ON link(n) WHERE relation = 2;
CREATE TABLE problem (
  n INTEGER PRIMARY KEY,
  problems TEXT NOT NULL,
  fields TEXT
) STRICT;
CREATE TABLE conflict (
  n INTEGER NOT NULL,
  field TEXT NOT NULL,
  alternatives TEXT NOT NULL,
  PRIMARY KEY (n, field)
) STRICT, WITHOUT ROWID;
CREATE TABLE extra (
  n INTEGER PRIMARY KEY,
  fields TEXT NOT NULL
) STRICT;
-- What is not shown from a document: of a kind not known here, misplaced, or held by another.
CREATE TABLE unknown (
  book INTEGER NOT NULL,
  document INTEGER NOT NULL,
  kind TEXT NOT NULL,
  id BLOB NOT NULL,
  PRIMARY KEY (book, kind, id, document)
) STRICT, WITHOUT ROWID;
CREATE VIRTUAL TABLE search USING fts5(
  words, content='', contentless_delete=1, detail='column', tokenize='unicode61 remove_diacritics 2 categories ''L* N* Co Mn Mc'''
);
