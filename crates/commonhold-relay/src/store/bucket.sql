-- Files whose bytes lie in a bucket: by the change that laid them down, their name there.
CREATE TABLE away (n INTEGER PRIMARY KEY, key TEXT NOT NULL) STRICT;

-- Names in the bucket under which bytes may lie that nobody needs. A new number for each upload,
-- never used again. ready: 0 while the upload is under way, 1 when they may be taken away.
CREATE TABLE waste (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL,
    ready INTEGER NOT NULL
) STRICT;
CREATE INDEX waste_ready ON waste (id) WHERE ready = 1;
