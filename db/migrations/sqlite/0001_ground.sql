-- +goose Up
-- The ground: forms carried out once, changes by topic, settings, the audit trail, messages.

CREATE TABLE idempotency (
    key      TEXT PRIMARY KEY,
    location TEXT NOT NULL,
    at       INTEGER NOT NULL
);
CREATE INDEX idempotency_at ON idempotency (at);

CREATE TABLE topic_versions (
    topic TEXT PRIMARY KEY,
    n     INTEGER NOT NULL
);

CREATE TABLE settings (
    name       TEXT PRIMARY KEY,
    value      TEXT NOT NULL,
    updated_at INTEGER NOT NULL,
    version    INTEGER NOT NULL DEFAULT 1
);

CREATE TABLE audit_log (
    seq        INTEGER PRIMARY KEY,
    at         INTEGER NOT NULL,
    day        TEXT NOT NULL,
    actor_id   INTEGER NOT NULL,
    actor_name TEXT NOT NULL,
    roles      TEXT NOT NULL,
    action     TEXT NOT NULL,
    ref_kind   TEXT NOT NULL,
    ref        TEXT NOT NULL,
    detail     TEXT NOT NULL,
    ip         TEXT NOT NULL,
    request_id TEXT NOT NULL,
    prev       TEXT NOT NULL,
    mac        TEXT NOT NULL
);
CREATE INDEX audit_log_ref ON audit_log (ref_kind, ref, seq);
CREATE INDEX audit_log_actor ON audit_log (actor_id, seq);
CREATE INDEX audit_log_day ON audit_log (day, seq);

-- One row: where the chain stands. Writers meet here, so rows get a gapless order.
CREATE TABLE audit_head (
    id  INTEGER PRIMARY KEY CHECK (id = 1),
    seq INTEGER NOT NULL,
    mac TEXT NOT NULL
);
INSERT INTO audit_head (id, seq, mac) VALUES (1, 0, '');

-- +goose StatementBegin
CREATE TRIGGER audit_log_keeps_rows BEFORE UPDATE ON audit_log
BEGIN SELECT RAISE(ABORT, 'audit rows are never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_log_keeps_all BEFORE DELETE ON audit_log
BEGIN SELECT RAISE(ABORT, 'audit rows are never deleted'); END;
-- +goose StatementEnd

CREATE TABLE outbox (
    id          INTEGER PRIMARY KEY,
    key         TEXT NOT NULL UNIQUE,
    dedup       TEXT NOT NULL UNIQUE,
    kind        TEXT NOT NULL,
    channel     TEXT NOT NULL CHECK (channel IN ('sms', 'inapp', 'letter', 'phone')),
    account_id  INTEGER,
    case_key    TEXT NOT NULL,
    to_name     TEXT NOT NULL,
    to_sealed   BLOB,
    body_sealed BLOB NOT NULL,
    created_at  INTEGER NOT NULL,
    not_before  INTEGER NOT NULL,
    tries       INTEGER NOT NULL DEFAULT 0,
    last_error  TEXT NOT NULL DEFAULT '',
    sent_at     INTEGER,
    dead_at     INTEGER,
    read_at     INTEGER,
    handled_by  TEXT NOT NULL DEFAULT ''
);
CREATE INDEX outbox_due ON outbox (not_before, id) WHERE sent_at IS NULL AND dead_at IS NULL;
CREATE INDEX outbox_account ON outbox (account_id, id) WHERE account_id IS NOT NULL;
CREATE INDEX outbox_case ON outbox (case_key, id);

-- +goose Down
DROP TABLE outbox;
DROP TABLE audit_head;
DROP TABLE audit_log;
DROP TABLE settings;
DROP TABLE topic_versions;
DROP TABLE idempotency;
