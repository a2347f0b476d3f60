-- +goose Up
-- Agreements (调解协议): the text is sealed, and fixed once it went out for signing. number follows the docket
-- number; it is given when the text is fixed and never used again.
CREATE TABLE agreements (
    id           INTEGER PRIMARY KEY,
    key          TEXT NOT NULL UNIQUE,
    case_id      INTEGER NOT NULL REFERENCES cases (id),
    seq          INTEGER NOT NULL,
    number       TEXT UNIQUE,
    form         TEXT NOT NULL CHECK (form IN ('written', 'oral')),
    state        TEXT NOT NULL CHECK (state IN ('draft', 'signing', 'effective', 'performed', 'replaced', 'void')),
    replaces_id  INTEGER REFERENCES agreements (id),
    body_sealed  BLOB NOT NULL,
    content_hash TEXT NOT NULL DEFAULT '',
    content_mac  TEXT NOT NULL DEFAULT '',
    reached_on   TEXT NOT NULL,
    effective_on TEXT NOT NULL DEFAULT '',
    confirm_days INTEGER NOT NULL DEFAULT 0,
    confirm_rule TEXT NOT NULL DEFAULT '',
    paper_only   BOOLEAN NOT NULL DEFAULT FALSE,
    partial      BOOLEAN NOT NULL DEFAULT FALSE,
    frozen_at    INTEGER,
    void_sealed  BLOB,
    created_by   TEXT NOT NULL,
    created_at   INTEGER NOT NULL,
    version      INTEGER NOT NULL DEFAULT 1,
    UNIQUE (case_id, seq),
    CHECK ((state IN ('effective', 'performed', 'replaced')) = (effective_on <> '')),
    CHECK (state NOT IN ('signing', 'effective', 'performed', 'replaced') OR (content_hash <> '' AND number IS NOT NULL))
);

-- What is disputed (争议事项), point by point; an agreement settles some of them (深圳条例 26).
CREATE TABLE case_issues (
    id          INTEGER PRIMARY KEY,
    key         TEXT NOT NULL UNIQUE,
    case_id     INTEGER NOT NULL REFERENCES cases (id),
    seq         INTEGER NOT NULL,
    text_sealed BLOB NOT NULL,
    settled_by  INTEGER REFERENCES agreements (id),
    dropped_at  INTEGER,
    UNIQUE (case_id, seq)
);

-- Who signs, and the committee's seal: in force at the latest of them (人民调解法 29).
CREATE TABLE agreement_signs (
    id           INTEGER PRIMARY KEY,
    agreement_id INTEGER NOT NULL REFERENCES agreements (id),
    key          TEXT NOT NULL,
    kind         TEXT NOT NULL CHECK (kind IN ('party', 'mediator', 'seal')),
    seq          INTEGER NOT NULL,
    name         TEXT NOT NULL,
    way          TEXT NOT NULL DEFAULT '' CHECK (way IN ('', 'paper', 'tablet')),
    signed_on    TEXT NOT NULL DEFAULT '',
    signed_at    INTEGER,
    id_seen      TEXT NOT NULL DEFAULT '',
    agent        TEXT NOT NULL DEFAULT '',
    content_hash TEXT NOT NULL DEFAULT '',
    file_key     TEXT NOT NULL DEFAULT '',
    by_name      TEXT NOT NULL DEFAULT '',
    UNIQUE (agreement_id, key),
    CHECK ((way = '') = (signed_on = ''))
);

-- What is owed (履行义务), from the day an agreement is in force. The words stand in the agreement's text.
CREATE TABLE agreement_duties (
    id           INTEGER PRIMARY KEY,
    key          TEXT NOT NULL UNIQUE,
    agreement_id INTEGER NOT NULL REFERENCES agreements (id),
    case_id      INTEGER NOT NULL REFERENCES cases (id),
    seq          INTEGER NOT NULL,
    from_party   INTEGER NOT NULL REFERENCES case_parties (id),
    to_party     INTEGER NOT NULL REFERENCES case_parties (id),
    amount       INTEGER NOT NULL DEFAULT 0 CHECK (amount >= 0),
    paid         INTEGER NOT NULL DEFAULT 0 CHECK (paid >= 0),
    due_on       TEXT NOT NULL DEFAULT '',
    met_on       TEXT NOT NULL DEFAULT '',
    state        TEXT NOT NULL CHECK (state IN ('due', 'done', 'replaced')),
    done_on      TEXT NOT NULL DEFAULT '',
    version      INTEGER NOT NULL DEFAULT 1,
    CHECK ((state = 'done') = (done_on <> ''))
);
CREATE INDEX agreement_duties_case ON agreement_duties (case_id, id);
CREATE INDEX agreement_duties_open ON agreement_duties (due_on) WHERE state = 'due' AND due_on <> '';

-- Reminders before, on and after the day; a row is done once.
CREATE TABLE duty_reminders (
    duty_id INTEGER NOT NULL REFERENCES agreement_duties (id),
    kind    TEXT NOT NULL CHECK (kind IN ('before', 'on', 'after')),
    on_day  TEXT NOT NULL,
    done_at INTEGER,
    how     TEXT NOT NULL DEFAULT '' CHECK (how IN ('', 'sent', 'skipped')),
    PRIMARY KEY (duty_id, kind)
);
CREATE INDEX duty_reminders_open ON duty_reminders (on_day) WHERE done_at IS NULL;

-- Performance, with its evidence. A mistake is voided with its reason, never removed.
CREATE TABLE duty_receipts (
    id          INTEGER PRIMARY KEY,
    key         TEXT NOT NULL UNIQUE,
    duty_id     INTEGER NOT NULL REFERENCES agreement_duties (id),
    amount      INTEGER NOT NULL CHECK (amount >= 0),
    on_day      TEXT NOT NULL,
    note_sealed BLOB,
    file_key    TEXT NOT NULL DEFAULT '',
    by_name     TEXT NOT NULL,
    at          INTEGER NOT NULL,
    voided_at   INTEGER,
    voided_by   TEXT NOT NULL DEFAULT '',
    void_sealed BLOB
);
CREATE INDEX duty_receipts_duty ON duty_receipts (duty_id, id);

-- Letters that urge performance (督促履行函, 深圳条例 27).
CREATE TABLE duty_urges (
    id       INTEGER PRIMARY KEY,
    key      TEXT NOT NULL UNIQUE,
    duty_id  INTEGER NOT NULL REFERENCES agreement_duties (id),
    asked_by INTEGER NOT NULL DEFAULT 0,
    on_day   TEXT NOT NULL,
    until    TEXT NOT NULL,
    by_name  TEXT NOT NULL,
    at       INTEGER NOT NULL
);
CREATE INDEX duty_urges_duty ON duty_urges (duty_id, id);

-- Follow-up visits (回访), planned and made.
CREATE TABLE case_visits (
    id           INTEGER PRIMARY KEY,
    key          TEXT NOT NULL UNIQUE,
    case_id      INTEGER NOT NULL REFERENCES cases (id),
    agreement_id INTEGER NOT NULL REFERENCES agreements (id),
    due_on       TEXT NOT NULL,
    why          TEXT NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('planned', 'made', 'dropped')),
    on_day       TEXT NOT NULL DEFAULT '',
    words_sealed BLOB,
    by_name      TEXT NOT NULL DEFAULT '',
    version      INTEGER NOT NULL DEFAULT 1,
    CHECK ((state = 'made') = (on_day <> ''))
);
CREATE INDEX case_visits_case ON case_visits (case_id, id);
CREATE INDEX case_visits_open ON case_visits (due_on) WHERE state = 'planned';

-- The same dispute come back: a new case and the one it comes from.
CREATE TABLE case_recurrences (
    case_id    INTEGER PRIMARY KEY REFERENCES cases (id),
    earlier_id INTEGER NOT NULL REFERENCES cases (id),
    by_name    TEXT NOT NULL,
    at         INTEGER NOT NULL,
    CHECK (case_id <> earlier_id)
);
CREATE INDEX case_recurrences_earlier ON case_recurrences (earlier_id);

-- Figures kept in the transaction that changes them.
CREATE TABLE agreement_counts (
    type_code TEXT NOT NULL,
    room_id   INTEGER NOT NULL,
    what      TEXT NOT NULL,
    n         INTEGER NOT NULL,
    PRIMARY KEY (what, type_code, room_id)
);

-- +goose Down
DROP TABLE agreement_counts;
DROP TABLE case_recurrences;
DROP TABLE case_visits;
DROP TABLE duty_urges;
DROP TABLE duty_receipts;
DROP TABLE duty_reminders;
DROP TABLE agreement_duties;
DROP TABLE agreement_signs;
DROP TABLE case_issues;
DROP TABLE agreements;
