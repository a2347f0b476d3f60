-- +goose Up
-- The docket: cases, who is part of them, what happened, which clocks run.
-- Names, titles and short summaries stand in clear, for search; statements, phones,
-- identity numbers, addresses and employers are sealed, with blind indexes beside them.

CREATE TABLE cases (
    id            INTEGER PRIMARY KEY,
    key           TEXT NOT NULL UNIQUE,
    apply_no      TEXT NOT NULL UNIQUE,
    number        TEXT,
    state         TEXT NOT NULL CHECK (state IN ('applied', 'inviting', 'consented', 'accepted', 'scheduled',
                      'mediating', 'suspended', 'agreed', 'ended', 'refused', 'withdrawn')),
    type_code     TEXT NOT NULL,
    main_type     TEXT NOT NULL,
    community_id  INTEGER NOT NULL DEFAULT 0,
    committee_id  INTEGER NOT NULL DEFAULT 0,
    room_id       INTEGER NOT NULL DEFAULT 0,
    mediator_id   INTEGER NOT NULL DEFAULT 0,
    title         TEXT NOT NULL,
    summary       TEXT NOT NULL DEFAULT '',
    place         TEXT NOT NULL DEFAULT '',
    origin        TEXT NOT NULL,
    channel       TEXT NOT NULL,
    registered_by INTEGER NOT NULL DEFAULT 0,
    ask_street    BOOLEAN NOT NULL DEFAULT FALSE,
    privacy       TEXT NOT NULL DEFAULT '',
    applied_at    INTEGER NOT NULL,
    applied_day   TEXT NOT NULL,
    accepted_at   INTEGER,
    accepted_day  TEXT NOT NULL DEFAULT '',
    due_on        TEXT NOT NULL DEFAULT '',
    due_rule      TEXT NOT NULL DEFAULT '',
    provisional   BOOLEAN NOT NULL DEFAULT FALSE,
    closed_at     INTEGER,
    closed_day    TEXT NOT NULL DEFAULT '',
    end_reason    TEXT NOT NULL DEFAULT '',
    remedies      TEXT NOT NULL DEFAULT '',
    risk          TEXT NOT NULL DEFAULT 'green' CHECK (risk IN ('green', 'yellow', 'orange', 'red')),
    needs_liaison BOOLEAN NOT NULL DEFAULT FALSE,
    holder        TEXT NOT NULL DEFAULT '' CHECK (holder IN ('', 'party', 'clerk', 'mediator', 'liaison')),
    holder_due    INTEGER,
    version       INTEGER NOT NULL DEFAULT 1,
    -- No mediation ends without its reason and the notice of other remedies (人民调解法26).
    CHECK (state NOT IN ('ended', 'refused') OR (end_reason <> '' AND remedies <> '')),
    -- An open case is in somebody's hands until a day; a closed one in nobody's.
    CHECK ((closed_at IS NULL AND holder <> '' AND holder_due IS NOT NULL)
        OR (closed_at IS NOT NULL AND holder = '' AND holder_due IS NULL)),
    CHECK ((closed_at IS NOT NULL) = (state IN ('agreed', 'ended', 'refused', 'withdrawn')))
);
CREATE UNIQUE INDEX cases_number ON cases (number);
CREATE INDEX cases_state ON cases (state, id);
CREATE INDEX cases_type ON cases (main_type, id);
CREATE INDEX cases_type_state ON cases (main_type, state, id);
CREATE INDEX cases_community ON cases (community_id, id);
CREATE INDEX cases_community_state ON cases (community_id, state, id);
CREATE INDEX cases_mediator ON cases (mediator_id, id);
CREATE INDEX cases_mediator_state ON cases (mediator_id, state, id);
CREATE INDEX cases_room ON cases (room_id, id);
CREATE INDEX cases_room_state ON cases (room_id, state, id);
CREATE INDEX cases_open ON cases (id) WHERE closed_at IS NULL;
CREATE INDEX cases_open_due ON cases (due_on, id) WHERE closed_at IS NULL AND due_on <> '';
CREATE INDEX cases_open_due_mediator ON cases (mediator_id, due_on, id) WHERE closed_at IS NULL AND due_on <> '';
CREATE INDEX cases_open_due_room ON cases (room_id, due_on, id) WHERE closed_at IS NULL AND due_on <> '';
CREATE INDEX cases_desk ON cases (holder, holder_due, id) WHERE closed_at IS NULL;
CREATE INDEX cases_desk_all ON cases (holder_due, id) WHERE closed_at IS NULL;
CREATE INDEX cases_desk_mediator ON cases (mediator_id, holder_due, id) WHERE closed_at IS NULL;
CREATE INDEX cases_desk_room ON cases (room_id, holder_due, id) WHERE closed_at IS NULL;
CREATE INDEX cases_applied_day ON cases (applied_day, id);

-- The request interrupts limitation from its day (诉讼时效规定 art.12), so its time never changes.
-- +goose StatementBegin
CREATE TRIGGER cases_applied_stays BEFORE UPDATE ON cases
WHEN NEW.applied_at <> OLD.applied_at OR NEW.applied_day <> OLD.applied_day OR NEW.apply_no <> OLD.apply_no
BEGIN SELECT RAISE(ABORT, 'the time of asking never changes'); END;
-- +goose StatementEnd

CREATE VIRTUAL TABLE case_fts USING fts5(doc, content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 0");

CREATE TABLE case_parties (
    id                INTEGER PRIMARY KEY,
    key               TEXT NOT NULL UNIQUE,
    case_id           INTEGER NOT NULL REFERENCES cases (id),
    seq               INTEGER NOT NULL,
    side              TEXT NOT NULL CHECK (side IN ('applicant', 'respondent', 'third')),
    kind              TEXT NOT NULL CHECK (kind IN ('person', 'organisation')),
    name              TEXT NOT NULL,
    pinyin            TEXT NOT NULL DEFAULT '',
    id_kind           TEXT NOT NULL DEFAULT '',
    phone_sealed      BLOB,
    phone_index       TEXT NOT NULL DEFAULT '',
    idno_sealed       BLOB,
    idno_index        TEXT NOT NULL DEFAULT '',
    address_sealed    BLOB,
    address_index     TEXT NOT NULL DEFAULT '',
    employer_sealed   BLOB,
    employer_index    TEXT NOT NULL DEFAULT '',
    household_sealed  BLOB,
    household_index   TEXT NOT NULL DEFAULT '',
    details_sealed    BLOB,
    statement_sealed  BLOB,
    consent           TEXT NOT NULL DEFAULT 'waiting' CHECK (consent IN ('waiting', 'agreed', 'refused')),
    consent_at        INTEGER,
    consent_how       TEXT NOT NULL DEFAULT '',
    consent_by        INTEGER NOT NULL DEFAULT 0,
    invite_hash       TEXT,
    invited_at        INTEGER,
    invite_channel    TEXT NOT NULL DEFAULT '',
    query_hash        TEXT NOT NULL DEFAULT '',
    version           INTEGER NOT NULL DEFAULT 1,
    UNIQUE (case_id, seq)
);
CREATE UNIQUE INDEX case_parties_invite ON case_parties (invite_hash);
CREATE INDEX case_parties_phone ON case_parties (phone_index, case_id) WHERE phone_index <> '';
CREATE INDEX case_parties_idno ON case_parties (idno_index, case_id) WHERE idno_index <> '';
CREATE INDEX case_parties_address ON case_parties (address_index, case_id) WHERE address_index <> '';

-- 委托代理人: what a party's agent may do is written down; special powers stand apart.
CREATE TABLE case_agents (
    id           INTEGER PRIMARY KEY,
    key          TEXT NOT NULL UNIQUE,
    case_id      INTEGER NOT NULL REFERENCES cases (id),
    party_id     INTEGER NOT NULL REFERENCES case_parties (id),
    name         TEXT NOT NULL,
    pinyin       TEXT NOT NULL DEFAULT '',
    relation     TEXT NOT NULL DEFAULT '',
    phone_sealed BLOB,
    phone_index  TEXT NOT NULL DEFAULT '',
    idno_sealed  BLOB,
    idno_index   TEXT NOT NULL DEFAULT '',
    scopes       TEXT NOT NULL,
    granted_on   TEXT NOT NULL,
    file_key     TEXT NOT NULL DEFAULT '',
    ended_at     INTEGER
);
CREATE INDEX case_agents_case ON case_agents (case_id, id);

-- Long words, sealed: the story, each answer, reasons, risk notes.
CREATE TABLE case_words (
    id       INTEGER PRIMARY KEY,
    key      TEXT NOT NULL UNIQUE,
    case_id  INTEGER NOT NULL REFERENCES cases (id),
    party_id INTEGER NOT NULL DEFAULT 0,
    kind     TEXT NOT NULL,
    at       INTEGER NOT NULL,
    sealed   BLOB NOT NULL
);
CREATE INDEX case_words_case ON case_words (case_id, id);

CREATE TABLE case_files (
    id       INTEGER PRIMARY KEY,
    case_id  INTEGER NOT NULL REFERENCES cases (id),
    party_id INTEGER NOT NULL DEFAULT 0,
    file_key TEXT NOT NULL UNIQUE,
    kind     TEXT NOT NULL,
    at       INTEGER NOT NULL
);
CREATE INDEX case_files_case ON case_files (case_id, id);

-- Mediators ranked, approved or named by a party.
CREATE TABLE case_choices (
    case_id     INTEGER NOT NULL REFERENCES cases (id),
    party_id    INTEGER NOT NULL REFERENCES case_parties (id),
    mediator_id INTEGER NOT NULL,
    rank        INTEGER NOT NULL,
    kind        TEXT NOT NULL CHECK (kind IN ('ranked', 'approved', 'named')),
    declined_at INTEGER,
    PRIMARY KEY (case_id, party_id, mediator_id)
);

-- Times that suit a party.
CREATE TABLE case_slots (
    case_id   INTEGER NOT NULL REFERENCES cases (id),
    party_id  INTEGER NOT NULL REFERENCES case_parties (id),
    starts_at INTEGER NOT NULL,
    ends_at   INTEGER NOT NULL,
    PRIMARY KEY (case_id, party_id, starts_at),
    CHECK (ends_at > starts_at)
);

-- What the conflict check found when the choice became final.
CREATE TABLE case_conflicts (
    id          INTEGER PRIMARY KEY,
    case_id     INTEGER NOT NULL REFERENCES cases (id),
    mediator_id INTEGER NOT NULL,
    party_id    INTEGER NOT NULL DEFAULT 0,
    kind        TEXT NOT NULL,
    level       TEXT NOT NULL CHECK (level IN ('note', 'warn', 'bar')),
    words       TEXT NOT NULL,
    found_at    INTEGER NOT NULL
);
CREATE INDEX case_conflicts_case ON case_conflicts (case_id, mediator_id, id);

-- Who mediates, since when, how chosen, and what was disclosed (深圳条例22、23).
CREATE TABLE case_mediators (
    id            INTEGER PRIMARY KEY,
    case_id       INTEGER NOT NULL REFERENCES cases (id),
    mediator_id   INTEGER NOT NULL,
    method        TEXT NOT NULL CHECK (method IN ('chosen', 'next', 'appointed')),
    by_party_id   INTEGER NOT NULL DEFAULT 0,
    by_account_id INTEGER NOT NULL DEFAULT 0,
    since         INTEGER NOT NULL,
    until         INTEGER,
    end_reason    TEXT NOT NULL DEFAULT '',
    disclosed_at  INTEGER,
    disclosure    TEXT NOT NULL DEFAULT '' CHECK (disclosure IN ('', 'none', 'told')),
    disclosed_sealed BLOB,
    CHECK ((disclosed_at IS NULL) = (disclosure = ''))
);
CREATE INDEX case_mediators_case ON case_mediators (case_id, id);
CREATE UNIQUE INDEX case_mediators_current ON case_mediators (case_id) WHERE until IS NULL;
CREATE INDEX case_mediators_mediator ON case_mediators (mediator_id, case_id);

-- A date for mediation: the booking in the calendar and who answered.
CREATE TABLE case_sessions (
    id           INTEGER PRIMARY KEY,
    key          TEXT NOT NULL UNIQUE,
    case_id      INTEGER NOT NULL REFERENCES cases (id),
    booking_id   INTEGER NOT NULL,
    mediator_id  INTEGER NOT NULL,
    room_id      INTEGER NOT NULL DEFAULT 0,
    liaison_id   INTEGER NOT NULL DEFAULT 0,
    starts_at    INTEGER NOT NULL,
    ends_at      INTEGER NOT NULL,
    day          TEXT NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('asked', 'fixed', 'begun', 'done', 'cancelled', 'declined')),
    mediator_answer TEXT NOT NULL DEFAULT 'waiting' CHECK (mediator_answer IN ('waiting', 'accepted', 'declined', 'silent')),
    liaison_answer  TEXT NOT NULL DEFAULT 'none' CHECK (liaison_answer IN ('none', 'waiting', 'accepted', 'declined', 'silent')),
    answered_at  INTEGER,
    sequence     INTEGER NOT NULL DEFAULT 0,
    reason       TEXT NOT NULL DEFAULT '',
    version      INTEGER NOT NULL DEFAULT 1
);
CREATE INDEX case_sessions_case ON case_sessions (case_id, id);
CREATE UNIQUE INDEX case_sessions_live ON case_sessions (case_id) WHERE state IN ('asked', 'fixed', 'begun');
CREATE INDEX case_sessions_mediator ON case_sessions (mediator_id, starts_at) WHERE state IN ('asked', 'fixed', 'begun');
CREATE INDEX case_sessions_room ON case_sessions (room_id, starts_at) WHERE state IN ('asked', 'fixed', 'begun');
CREATE INDEX case_sessions_liaison ON case_sessions (liaison_id, starts_at) WHERE state IN ('asked', 'fixed', 'begun') AND liaison_id <> 0;
CREATE INDEX case_sessions_start ON case_sessions (starts_at, id) WHERE state IN ('asked', 'fixed', 'begun');
CREATE INDEX case_sessions_booking ON case_sessions (booking_id);

-- A liaison sees the cases that were booked at an own court slot, and no others.
CREATE TABLE case_liaisons (
    liaison_id INTEGER NOT NULL,
    case_id    INTEGER NOT NULL REFERENCES cases (id),
    since      INTEGER NOT NULL,
    PRIMARY KEY (liaison_id, case_id)
);

-- What happened, in words without personal data; public rows appear on the track page.
CREATE TABLE case_events (
    id         INTEGER PRIMARY KEY,
    case_id    INTEGER NOT NULL REFERENCES cases (id),
    at         INTEGER NOT NULL,
    day        TEXT NOT NULL,
    verb       TEXT NOT NULL,
    from_state TEXT NOT NULL,
    to_state   TEXT NOT NULL,
    hand       TEXT NOT NULL,
    account_id INTEGER NOT NULL DEFAULT 0,
    public     BOOLEAN NOT NULL,
    words      TEXT NOT NULL DEFAULT ''
);
CREATE INDEX case_events_case ON case_events (case_id, id);
CREATE INDEX case_events_day ON case_events (day, verb, id);
-- +goose StatementBegin
CREATE TRIGGER case_events_stay BEFORE UPDATE ON case_events
BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;
-- +goose StatementEnd

-- 其他救济途径告知: told to whom, how, when (人民调解法26).
CREATE TABLE case_notices (
    id       INTEGER PRIMARY KEY,
    case_id  INTEGER NOT NULL REFERENCES cases (id),
    party_id INTEGER NOT NULL REFERENCES case_parties (id),
    kind     TEXT NOT NULL,
    remedies TEXT NOT NULL,
    how      TEXT NOT NULL,
    at       INTEGER NOT NULL
);
CREATE INDEX case_notices_case ON case_notices (case_id, id);

CREATE TABLE deadline_rules (
    id         INTEGER PRIMARY KEY,
    code       TEXT NOT NULL,
    version    INTEGER NOT NULL,
    step       TEXT NOT NULL,
    type_code  TEXT NOT NULL DEFAULT '',
    source     TEXT NOT NULL DEFAULT '',
    unit       TEXT NOT NULL CHECK (unit IN ('natural', 'working', 'hours')),
    length     INTEGER NOT NULL CHECK (length > 0),
    counts_from TEXT NOT NULL CHECK (counts_from IN ('act', 'request')),
    name       TEXT NOT NULL,
    basis      TEXT NOT NULL,
    active     BOOLEAN NOT NULL,
    changed_at INTEGER NOT NULL,
    changed_by TEXT NOT NULL,
    UNIQUE (code, version)
);
CREATE UNIQUE INDEX deadline_rules_active ON deadline_rules (code) WHERE active;

-- A clock keeps the rule it was started by; once ended it is never rewritten.
CREATE TABLE case_clocks (
    id          INTEGER PRIMARY KEY,
    case_id     INTEGER NOT NULL REFERENCES cases (id),
    party_id    INTEGER NOT NULL DEFAULT 0,
    session_id  INTEGER NOT NULL DEFAULT 0,
    step        TEXT NOT NULL,
    rule_id     INTEGER NOT NULL REFERENCES deadline_rules (id),
    rule_name   TEXT NOT NULL,
    unit        TEXT NOT NULL,
    length      INTEGER NOT NULL,
    started_at  INTEGER NOT NULL,
    due_at      INTEGER NOT NULL,
    due_on      TEXT NOT NULL,
    provisional BOOLEAN NOT NULL DEFAULT FALSE,
    paused_at   INTEGER,
    ended_at    INTEGER,
    end_how     TEXT NOT NULL DEFAULT '' CHECK (end_how IN ('', 'met', 'missed', 'stopped')),
    CHECK ((ended_at IS NULL) = (end_how = ''))
);
CREATE INDEX case_clocks_case ON case_clocks (case_id, id);
CREATE INDEX case_clocks_due ON case_clocks (due_at, id) WHERE ended_at IS NULL AND paused_at IS NULL;
CREATE INDEX case_clocks_provisional ON case_clocks (id) WHERE ended_at IS NULL AND provisional;
-- +goose StatementBegin
CREATE TRIGGER case_clocks_stay BEFORE UPDATE ON case_clocks WHEN OLD.ended_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'an ended clock is never rewritten'); END;
-- +goose StatementEnd

CREATE TABLE case_clock_pauses (
    id       INTEGER PRIMARY KEY,
    clock_id INTEGER NOT NULL REFERENCES case_clocks (id),
    reason   TEXT NOT NULL,
    from_at  INTEGER NOT NULL,
    to_at    INTEGER
);
CREATE INDEX case_clock_pauses_clock ON case_clock_pauses (clock_id, id);

CREATE TABLE case_clock_changes (
    id       INTEGER PRIMARY KEY,
    clock_id INTEGER NOT NULL REFERENCES case_clocks (id),
    at       INTEGER NOT NULL,
    why      TEXT NOT NULL,
    old_due  TEXT NOT NULL,
    new_due  TEXT NOT NULL
);
CREATE INDEX case_clock_changes_clock ON case_clock_changes (clock_id, id);

-- Docket numbers (案号): one series per committee, kind and year, without gaps; a void number keeps its row.
CREATE TABLE number_series (
    committee_id INTEGER NOT NULL,
    kind         TEXT NOT NULL,
    year         INTEGER NOT NULL,
    last         INTEGER NOT NULL,
    PRIMARY KEY (committee_id, kind, year)
);
CREATE TABLE docket_numbers (
    id           INTEGER PRIMARY KEY,
    committee_id INTEGER NOT NULL,
    kind         TEXT NOT NULL,
    year         INTEGER NOT NULL,
    seq          INTEGER NOT NULL,
    number       TEXT NOT NULL UNIQUE,
    case_id      INTEGER NOT NULL REFERENCES cases (id),
    at           INTEGER NOT NULL,
    void_at      INTEGER,
    void_reason  TEXT NOT NULL DEFAULT '',
    UNIQUE (committee_id, kind, year, seq)
);
CREATE INDEX docket_numbers_case ON docket_numbers (case_id, id);

-- Figures kept in the writing transaction: no list ever counts its rows.
CREATE TABLE case_counts (
    scope    TEXT NOT NULL,
    scope_id TEXT NOT NULL,
    state    TEXT NOT NULL,
    n        INTEGER NOT NULL,
    PRIMARY KEY (scope, scope_id, state)
);

-- Who opened which case file.
CREATE TABLE case_reads (
    id         INTEGER PRIMARY KEY,
    case_id    INTEGER NOT NULL REFERENCES cases (id),
    account_id INTEGER NOT NULL,
    at         INTEGER NOT NULL,
    day        TEXT NOT NULL
);
CREATE INDEX case_reads_case ON case_reads (case_id, id);
CREATE INDEX case_reads_account ON case_reads (account_id, id);

-- Tries at codes, per hour; the subject is a keyed hash of an address or a number.
CREATE TABLE code_tries (
    subject TEXT NOT NULL,
    hour    INTEGER NOT NULL,
    n       INTEGER NOT NULL,
    PRIMARY KEY (subject, hour)
);

-- +goose Down
DROP TABLE code_tries;
DROP TABLE case_reads;
DROP TABLE case_counts;
DROP TABLE docket_numbers;
DROP TABLE number_series;
DROP TABLE case_clock_changes;
DROP TABLE case_clock_pauses;
DROP TABLE case_clocks;
DROP TABLE deadline_rules;
DROP TABLE case_notices;
DROP TABLE case_events;
DROP TABLE case_liaisons;
DROP TABLE case_sessions;
DROP TABLE case_mediators;
DROP TABLE case_conflicts;
DROP TABLE case_slots;
DROP TABLE case_choices;
DROP TABLE case_files;
DROP TABLE case_words;
DROP TABLE case_agents;
DROP TABLE case_parties;
DROP TABLE case_fts;
DROP TABLE cases;
