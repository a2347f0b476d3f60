-- +goose Up
-- The training school's roster (受训人员): everybody who is to be trained, with an account or
-- without. The row stays when the person leaves, and is the same when the person returns.
CREATE TABLE learners (
    id           INTEGER PRIMARY KEY,
    key          TEXT NOT NULL UNIQUE,
    account_id   INTEGER UNIQUE REFERENCES accounts (id),
    mediator_id  INTEGER UNIQUE REFERENCES mediators (id),
    name         TEXT NOT NULL,
    pinyin       TEXT NOT NULL DEFAULT '',
    unit_id      INTEGER REFERENCES units (id),
    post         TEXT NOT NULL DEFAULT 'staff' CHECK (post IN ('full', 'part', 'invited', 'staff', 'leader')),
    tags         TEXT NOT NULL DEFAULT '',
    phone_sealed BLOB,
    phone_index  TEXT NOT NULL DEFAULT '',
    joined_on    TEXT NOT NULL,
    left_on      TEXT NOT NULL DEFAULT '',
    created_at   INTEGER NOT NULL,
    version      INTEGER NOT NULL DEFAULT 1
);
CREATE INDEX learners_unit ON learners (unit_id, id);
CREATE INDEX learners_name ON learners (name, id);
CREATE INDEX learners_phone ON learners (phone_index) WHERE phone_index <> '';

-- +goose Down
DROP TABLE learners;
