-- +goose Up
-- Uploaded files. The bytes lie sealed on disk under the key; the row says what
-- they are and which thing they belong to (its domain checks who may read them).
CREATE TABLE files (
    id          INTEGER PRIMARY KEY,
    key         TEXT NOT NULL UNIQUE,
    name        TEXT NOT NULL,
    mime        TEXT NOT NULL,
    size        INTEGER NOT NULL,
    sha256      TEXT NOT NULL,
    ref_kind    TEXT NOT NULL,
    ref_key     TEXT NOT NULL,
    uploaded_by TEXT NOT NULL,
    uploaded_at INTEGER NOT NULL,
    removed_at  INTEGER
);
CREATE INDEX files_ref ON files (ref_kind, ref_key, id);

-- +goose Down
DROP TABLE files;
