-- +goose Up
-- The record (调解记录) of each mediation session.
CREATE TABLE records (
    id           INTEGER PRIMARY KEY,
    key          TEXT NOT NULL UNIQUE,
    case_id      INTEGER NOT NULL REFERENCES cases (id),
    session_id   INTEGER NOT NULL UNIQUE REFERENCES case_sessions (id),
    seq          INTEGER NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('prepared', 'running', 'closed')),
    outcome      TEXT NOT NULL DEFAULT '' CHECK (outcome IN ('', 'agreed', 'adjourned', 'ended')),
    openness     TEXT NOT NULL DEFAULT 'closed' CHECK (openness IN ('closed', 'open')),
    started_at   INTEGER,
    closed_at    INTEGER,
    end_reason   TEXT NOT NULL DEFAULT '',
    remedies     TEXT NOT NULL DEFAULT '',
    version      INTEGER NOT NULL DEFAULT 1,
    UNIQUE (case_id, seq),
    CHECK ((state = 'closed') = (outcome <> '' AND closed_at IS NOT NULL))
);

-- Who is there: parties, agents, and persons invited with everybody's consent (人民调解法 20).
CREATE TABLE record_people (
    id          INTEGER PRIMARY KEY,
    record_id   INTEGER NOT NULL REFERENCES records (id),
    key         TEXT NOT NULL,
    kind        TEXT NOT NULL CHECK (kind IN ('party', 'agent', 'invited', 'mediator', 'recorder', 'liaison')),
    party_key   TEXT NOT NULL DEFAULT '',
    name        TEXT NOT NULL,
    relation    TEXT NOT NULL DEFAULT '',
    present     TEXT NOT NULL DEFAULT '' CHECK (present IN ('', 'yes', 'remote', 'no')),
    id_seen     TEXT NOT NULL DEFAULT '',
    id_seen_by  TEXT NOT NULL DEFAULT '',
    consented   BOOLEAN NOT NULL DEFAULT FALSE,
    marked_at   INTEGER,
    UNIQUE (record_id, key)
);

-- What was told and confirmed, by whom, when: each tick once.
CREATE TABLE record_ticks (
    record_id   INTEGER NOT NULL REFERENCES records (id),
    kind        TEXT NOT NULL CHECK (kind IN ('rights', 'disclosure', 'readback')),
    person_key  TEXT NOT NULL,
    at          INTEGER NOT NULL,
    by_name     TEXT NOT NULL,
    note        TEXT NOT NULL DEFAULT '',
    record_mark TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (record_id, kind, person_key)
);

-- The record's parts. A private part (背靠背) belongs to one side and is read by the
-- case's mediators only; everything is sealed.
CREATE TABLE record_parts (
    id          INTEGER PRIMARY KEY,
    record_id   INTEGER NOT NULL REFERENCES records (id),
    name        TEXT NOT NULL,
    party_key   TEXT NOT NULL DEFAULT '',
    text_sealed BLOB,
    version     INTEGER NOT NULL DEFAULT 1,
    edited_by   TEXT NOT NULL,
    edited_at   INTEGER NOT NULL,
    UNIQUE (record_id, name, party_key)
);

-- Every text that was ever saved, and the ones that lost a race: nothing typed is lost.
CREATE TABLE record_part_versions (
    id          INTEGER PRIMARY KEY,
    part_id    INTEGER NOT NULL REFERENCES record_parts (id),
    version     INTEGER NOT NULL,
    key         TEXT NOT NULL UNIQUE,
    rival       BOOLEAN NOT NULL DEFAULT FALSE,
    text_sealed BLOB,
    edited_by   TEXT NOT NULL,
    edited_at   INTEGER NOT NULL,
    settled_at  INTEGER
);
CREATE INDEX record_part_versions_field ON record_part_versions (part_id, id);

-- Proposals on the table (方案): who offers what, by when, and each party's answer.
CREATE TABLE record_proposals (
    id          INTEGER PRIMARY KEY,
    record_id   INTEGER NOT NULL REFERENCES records (id),
    key         TEXT NOT NULL UNIQUE,
    seq         INTEGER NOT NULL,
    from_key    TEXT NOT NULL,
    text_sealed BLOB NOT NULL,
    due_on      TEXT NOT NULL DEFAULT '',
    state       TEXT NOT NULL CHECK (state IN ('open', 'accepted', 'rejected', 'withdrawn')),
    created_at  INTEGER NOT NULL,
    version     INTEGER NOT NULL DEFAULT 1
);
CREATE INDEX record_proposals_session ON record_proposals (record_id, seq);

CREATE TABLE record_answers (
    proposal_id INTEGER NOT NULL REFERENCES record_proposals (id),
    party_key   TEXT NOT NULL,
    answer      TEXT NOT NULL CHECK (answer IN ('yes', 'no', 'thinking')),
    at          INTEGER NOT NULL,
    PRIMARY KEY (proposal_id, party_key)
);

-- +goose Down
DROP TABLE record_answers;
DROP TABLE record_proposals;
DROP TABLE record_part_versions;
DROP TABLE record_parts;
DROP TABLE record_ticks;
DROP TABLE record_people;
DROP TABLE records;
