-- +goose Up
-- People: the street's units and communities, accounts and sign-ins, mediators.
CREATE TABLE communities (
    id        INTEGER PRIMARY KEY,
    code      TEXT NOT NULL UNIQUE,
    name      TEXT NOT NULL,
    is_street BOOLEAN NOT NULL DEFAULT FALSE,
    address   TEXT NOT NULL DEFAULT '',
    phone     TEXT NOT NULL DEFAULT '',
    seq       INTEGER NOT NULL DEFAULT 0,
    version   INTEGER NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX communities_street ON communities (is_street) WHERE is_street;

CREATE TABLE units (
    id      INTEGER PRIMARY KEY,
    code    TEXT NOT NULL UNIQUE,
    name    TEXT NOT NULL,
    seq     INTEGER NOT NULL DEFAULT 0,
    version INTEGER NOT NULL DEFAULT 1
);

-- 人民调解委员会; org stands in docket numbers.
CREATE TABLE committees (
    id           INTEGER PRIMARY KEY,
    code         TEXT NOT NULL UNIQUE,
    name         TEXT NOT NULL,
    org          TEXT NOT NULL UNIQUE,
    kind         TEXT NOT NULL DEFAULT 'street',
    community_id INTEGER REFERENCES communities (id),
    address      TEXT NOT NULL DEFAULT '',
    phone        TEXT NOT NULL DEFAULT '',
    seal_text    TEXT NOT NULL DEFAULT '',
    version      INTEGER NOT NULL DEFAULT 1
);

CREATE TABLE committee_members (
    id           INTEGER PRIMARY KEY,
    committee_id INTEGER NOT NULL REFERENCES committees (id),
    name         TEXT NOT NULL,
    gender       TEXT NOT NULL CHECK (gender IN ('女', '男')),
    post         TEXT NOT NULL CHECK (post IN ('director', 'deputy', 'member')),
    term_start   TEXT NOT NULL,
    term_end     TEXT NOT NULL,
    ended_on     TEXT NOT NULL DEFAULT ''
);
CREATE INDEX committee_members_committee ON committee_members (committee_id, id);

-- 一专七代表: what is not confirmed by the street can't be switched on.
CREATE TABLE rep_kinds (
    code      TEXT PRIMARY KEY,
    name      TEXT NOT NULL,
    confirmed BOOLEAN NOT NULL,
    enabled   BOOLEAN NOT NULL,
    seq       INTEGER NOT NULL,
    version   INTEGER NOT NULL DEFAULT 1,
    CHECK (confirmed OR NOT enabled)
);

-- The 15 types of the monthly report and local sub-types of them; a code is never
-- deleted, only disabled. A sub-type's code begins with its parent's and a hyphen.
CREATE TABLE dispute_types (
    code        TEXT PRIMARY KEY,
    parent      TEXT NOT NULL,
    name        TEXT NOT NULL,
    report_code TEXT NOT NULL,
    hint        TEXT NOT NULL DEFAULT '',
    enabled     BOOLEAN NOT NULL DEFAULT TRUE,
    seq         INTEGER NOT NULL
);

CREATE TABLE accounts (
    id             INTEGER PRIMARY KEY,
    key            TEXT NOT NULL UNIQUE,
    login          TEXT NOT NULL UNIQUE,
    guard          TEXT NOT NULL,
    name           TEXT NOT NULL,
    pinyin         TEXT NOT NULL DEFAULT '',
    phone_sealed   BLOB,
    phone_index    TEXT NOT NULL DEFAULT '',
    unit_id        INTEGER REFERENCES units (id),
    community_id   INTEGER REFERENCES communities (id),
    password       TEXT NOT NULL,
    password_at    INTEGER NOT NULL,
    must_change    BOOLEAN NOT NULL DEFAULT FALSE,
    totp_sealed    BLOB,
    totp_required  BOOLEAN NOT NULL DEFAULT FALSE,
    totp_last_step INTEGER NOT NULL DEFAULT 0,
    disabled_at    INTEGER,
    last_sign_in_at INTEGER,
    created_at     INTEGER NOT NULL,
    version        INTEGER NOT NULL DEFAULT 1
);
CREATE INDEX accounts_name ON accounts (name, id);

CREATE TABLE account_roles (
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    role       TEXT NOT NULL CHECK (role IN ('mediator', 'room_lead', 'clerk', 'liaison', 'trainer', 'leader', 'sysadmin', 'secadmin', 'auditor')),
    PRIMARY KEY (account_id, role)
);
CREATE INDEX account_roles_role ON account_roles (role, account_id);

CREATE TABLE password_history (
    id         INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    password   TEXT NOT NULL,
    at         INTEGER NOT NULL
);
CREATE INDEX password_history_account ON password_history (account_id, id);

CREATE TABLE recovery_codes (
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    code_hash  TEXT NOT NULL,
    used_at    INTEGER,
    PRIMARY KEY (account_id, code_hash)
);

-- Wrong tries by a subject's hash (a login, known or not), counted before each check so
-- that tries at the same moment count too; none is checked before free_at.
CREATE TABLE guards (
    subject   TEXT PRIMARY KEY,
    failures  INTEGER NOT NULL,
    failed_at INTEGER NOT NULL,
    free_at   INTEGER NOT NULL
);
CREATE INDEX guards_failed_at ON guards (failed_at);

CREATE TABLE residents (
    id           INTEGER PRIMARY KEY,
    phone_sealed BLOB NOT NULL,
    phone_index  TEXT NOT NULL UNIQUE,
    created_at   INTEGER NOT NULL
);

CREATE TABLE one_time_codes (
    id          INTEGER PRIMARY KEY,
    phone_index TEXT NOT NULL,
    code_hash   TEXT NOT NULL,
    created_at  INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL,
    tries       INTEGER NOT NULL DEFAULT 0,
    used_at     INTEGER
);
CREATE INDEX one_time_codes_phone ON one_time_codes (phone_index, created_at);

CREATE TABLE sign_ins (
    id           INTEGER PRIMARY KEY,
    key          TEXT NOT NULL UNIQUE,
    token_hash   TEXT NOT NULL UNIQUE,
    account_id   INTEGER REFERENCES accounts (id),
    resident_id  INTEGER REFERENCES residents (id),
    csrf_key     TEXT NOT NULL,
    need_totp    BOOLEAN NOT NULL DEFAULT FALSE,
    created_at   INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    mfa_at       INTEGER,
    ip           TEXT NOT NULL,
    agent        TEXT NOT NULL,
    ended_at     INTEGER,
    CHECK ((account_id IS NULL) <> (resident_id IS NULL))
);
CREATE INDEX sign_ins_account ON sign_ins (account_id, id);
CREATE INDEX sign_ins_resident ON sign_ins (resident_id, id);
CREATE INDEX sign_ins_expires ON sign_ins (expires_at);

-- Attempts by subject (an address, a phone) and window, for limits that survive a restart.
CREATE TABLE throttles (
    subject TEXT NOT NULL,
    since   INTEGER NOT NULL,
    n       INTEGER NOT NULL,
    PRIMARY KEY (subject, since)
);
CREATE INDEX throttles_since ON throttles (since);

CREATE TABLE mediators (
    id              INTEGER PRIMARY KEY,
    key             TEXT NOT NULL UNIQUE,
    account_id      INTEGER UNIQUE REFERENCES accounts (id),
    name            TEXT NOT NULL,
    pinyin          TEXT NOT NULL,
    initials        TEXT NOT NULL,
    gender          TEXT NOT NULL DEFAULT '',
    rep_kind        TEXT NOT NULL REFERENCES rep_kinds (code),
    employment      TEXT NOT NULL CHECK (employment IN ('full', 'part', 'invited')),
    court_invited   BOOLEAN NOT NULL DEFAULT FALSE,
    unit_id         INTEGER REFERENCES units (id),
    phone_sealed    BLOB,
    phone_index     TEXT NOT NULL DEFAULT '',
    grade           TEXT NOT NULL DEFAULT '' CHECK (grade IN ('', '1', '2', '3', '4')),
    story           TEXT NOT NULL DEFAULT '',
    photo_key       TEXT NOT NULL DEFAULT '',
    publish_at      INTEGER,
    publish_version TEXT NOT NULL DEFAULT '',
    load_cap        INTEGER NOT NULL DEFAULT 8 CHECK (load_cap >= 0),
    state           TEXT NOT NULL CHECK (state IN ('dormant', 'listed', 'paused')),
    state_reason    TEXT NOT NULL DEFAULT '',
    joined_on       TEXT NOT NULL DEFAULT '',
    created_at      INTEGER NOT NULL,
    version         INTEGER NOT NULL DEFAULT 1
);
CREATE INDEX mediators_listed ON mediators (pinyin, id) WHERE state = 'listed';
CREATE INDEX mediators_phone ON mediators (phone_index) WHERE phone_index <> '';

CREATE TABLE mediator_types (
    mediator_id  INTEGER NOT NULL REFERENCES mediators (id),
    dispute_type TEXT NOT NULL REFERENCES dispute_types (code),
    PRIMARY KEY (mediator_id, dispute_type)
);
CREATE INDEX mediator_types_type ON mediator_types (dispute_type, mediator_id);

CREATE TABLE mediator_languages (
    mediator_id INTEGER NOT NULL REFERENCES mediators (id),
    language    TEXT NOT NULL,
    PRIMARY KEY (mediator_id, language)
);

CREATE TABLE mediator_communities (
    mediator_id  INTEGER NOT NULL REFERENCES mediators (id),
    community_id INTEGER NOT NULL REFERENCES communities (id),
    PRIMARY KEY (mediator_id, community_id)
);

-- Ties that matter for conflicts; the value is sealed, equal values meet by index.
CREATE TABLE mediator_ties (
    id           INTEGER PRIMARY KEY,
    key          TEXT NOT NULL UNIQUE,
    mediator_id  INTEGER NOT NULL REFERENCES mediators (id),
    kind         TEXT NOT NULL CHECK (kind IN ('office', 'employer', 'household', 'person', 'property')),
    words        TEXT NOT NULL,
    community_id INTEGER NOT NULL DEFAULT 0,
    value_sealed BLOB,
    value_index  TEXT NOT NULL DEFAULT '',
    ended_at     INTEGER
);
CREATE INDEX mediator_ties_mediator ON mediator_ties (mediator_id, id);

-- Grades given (等级评定): the newest one still valid is the mediator's grade.
CREATE TABLE mediator_grades (
    id          INTEGER PRIMARY KEY,
    mediator_id INTEGER NOT NULL REFERENCES mediators (id),
    grade       TEXT NOT NULL CHECK (grade IN ('', '1', '2', '3', '4')),
    issuer      TEXT NOT NULL,
    cert_no     TEXT NOT NULL DEFAULT '',
    on_day      TEXT NOT NULL,
    valid_to    TEXT NOT NULL DEFAULT '',
    noted_at    INTEGER NOT NULL
);
CREATE INDEX mediator_grades_mediator ON mediator_grades (mediator_id, id);

CREATE TABLE mediator_events (
    id          INTEGER PRIMARY KEY,
    mediator_id INTEGER NOT NULL REFERENCES mediators (id),
    at          INTEGER NOT NULL,
    day         TEXT NOT NULL,
    actor       TEXT NOT NULL,
    verb        TEXT NOT NULL,
    from_state  TEXT NOT NULL,
    to_state    TEXT NOT NULL,
    note        TEXT NOT NULL
);
CREATE INDEX mediator_events_mediator ON mediator_events (mediator_id, id);

-- A roster read from a file and checked, waiting to be confirmed; the lines are sealed.
CREATE TABLE roster_imports (
    id           INTEGER PRIMARY KEY,
    key          TEXT NOT NULL UNIQUE,
    account_id   INTEGER NOT NULL,
    lines_sealed BLOB,
    created_at   INTEGER NOT NULL,
    confirmed_at INTEGER,
    taken        INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX roster_imports_created_at ON roster_imports (created_at);

-- 三员分立: an administrator's role stands alone.
-- +goose StatementBegin
CREATE TRIGGER account_roles_exclusive BEFORE INSERT ON account_roles
WHEN EXISTS (SELECT 1 FROM account_roles r WHERE r.account_id = NEW.account_id AND r.role <> NEW.role
    AND (r.role IN ('sysadmin', 'secadmin', 'auditor') OR NEW.role IN ('sysadmin', 'secadmin', 'auditor')))
BEGIN SELECT RAISE(ABORT, 'an administrator holds no other role'); END;
-- +goose StatementEnd
-- Roles are given and taken, a row never changes: an UPDATE can't go around the trigger above.
-- +goose StatementBegin
CREATE TRIGGER account_roles_fixed BEFORE UPDATE ON account_roles
BEGIN SELECT RAISE(ABORT, 'a role is taken and given, not changed'); END;
-- +goose StatementEnd

-- +goose Down
DROP TABLE roster_imports;
DROP TABLE mediator_events;
DROP TABLE mediator_grades;
DROP TABLE mediator_ties;
DROP TABLE mediator_communities;
DROP TABLE mediator_languages;
DROP TABLE mediator_types;
DROP TABLE mediators;
DROP TABLE throttles;
DROP TABLE sign_ins;
DROP TABLE one_time_codes;
DROP TABLE residents;
DROP TABLE guards;
DROP TABLE recovery_codes;
DROP TABLE password_history;
DROP TABLE account_roles;
DROP TABLE accounts;
DROP TABLE dispute_types;
DROP TABLE rep_kinds;
DROP TABLE committee_members;
DROP TABLE committees;
DROP TABLE units;
DROP TABLE communities;
