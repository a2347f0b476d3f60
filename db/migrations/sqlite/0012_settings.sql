-- +goose Up
-- The street's settings: what is no longer in use stays for old cases and is told by its day.
ALTER TABLE communities ADD COLUMN stopped_on TEXT NOT NULL DEFAULT '';

ALTER TABLE units ADD COLUMN kind TEXT NOT NULL DEFAULT 'other'
    CHECK (kind IN ('office', 'station', 'community', 'company', 'society', 'other'));
ALTER TABLE units ADD COLUMN community_id INTEGER REFERENCES communities (id);
ALTER TABLE units ADD COLUMN credit_code TEXT NOT NULL DEFAULT '';
ALTER TABLE units ADD COLUMN stopped_on TEXT NOT NULL DEFAULT '';

ALTER TABLE committee_members ADD COLUMN version INTEGER NOT NULL DEFAULT 1;

-- Who of the street confirmed a kind of representative, when and on what document.
ALTER TABLE rep_kinds ADD COLUMN words TEXT NOT NULL DEFAULT '';
ALTER TABLE rep_kinds ADD COLUMN confirmed_by TEXT NOT NULL DEFAULT '';
ALTER TABLE rep_kinds ADD COLUMN confirmed_on TEXT NOT NULL DEFAULT '';
ALTER TABLE rep_kinds ADD COLUMN confirmed_doc TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE rep_kinds DROP COLUMN confirmed_doc;
ALTER TABLE rep_kinds DROP COLUMN confirmed_on;
ALTER TABLE rep_kinds DROP COLUMN confirmed_by;
ALTER TABLE rep_kinds DROP COLUMN words;
ALTER TABLE committee_members DROP COLUMN version;
ALTER TABLE units DROP COLUMN stopped_on;
ALTER TABLE units DROP COLUMN credit_code;
ALTER TABLE units DROP COLUMN community_id;
ALTER TABLE units DROP COLUMN kind;
ALTER TABLE communities DROP COLUMN stopped_on;
