-- +goose Up
-- Facts that only a paper needs (a talk, an address for service, facts nobody disputes): one
-- slip per kind, case and subject, or several where the kind is a list. All words are sealed.
CREATE TABLE paper_slips (
    id          INTEGER PRIMARY KEY,
    key         TEXT NOT NULL UNIQUE,
    case_id     INTEGER NOT NULL REFERENCES cases (id),
    kind        TEXT NOT NULL,
    subject     TEXT NOT NULL,
    sealed      BLOB NOT NULL,
    version     INTEGER NOT NULL DEFAULT 1,
    edited_by   TEXT NOT NULL,
    edited_at   INTEGER NOT NULL,
    removed_at  INTEGER,
    UNIQUE (case_id, kind, subject)
);

-- Every text a slip ever had.
CREATE TABLE paper_slip_versions (
    slip_id   INTEGER NOT NULL REFERENCES paper_slips (id),
    version   INTEGER NOT NULL,
    sealed    BLOB NOT NULL,
    edited_by TEXT NOT NULL,
    edited_at INTEGER NOT NULL,
    PRIMARY KEY (slip_id, version)
);

-- A printed paper: which bytes, for whom it was printed, what it said. Never changed, never removed.
CREATE TABLE papers_printed (
    id         INTEGER PRIMARY KEY,
    key        TEXT NOT NULL UNIQUE,
    case_id    INTEGER NOT NULL REFERENCES cases (id),
    form       TEXT NOT NULL,
    subject    TEXT NOT NULL,
    seq        INTEGER NOT NULL,
    name       TEXT NOT NULL,
    file_key   TEXT NOT NULL UNIQUE,
    sha256     TEXT NOT NULL,
    says       TEXT NOT NULL,
    pages      INTEGER NOT NULL,
    printed_by TEXT NOT NULL,
    printed_at INTEGER NOT NULL,
    mac        TEXT NOT NULL,
    UNIQUE (case_id, form, subject, seq)
);
-- +goose StatementBegin
CREATE TRIGGER papers_printed_stay BEFORE UPDATE ON papers_printed
BEGIN SELECT RAISE(ABORT, 'a printed paper is never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER papers_printed_keep BEFORE DELETE ON papers_printed
BEGIN SELECT RAISE(ABORT, 'a printed paper is never removed'); END;
-- +goose StatementEnd

-- Each time the same paper was handed out again.
CREATE TABLE papers_reprinted (
    id         INTEGER PRIMARY KEY,
    printed_id INTEGER NOT NULL REFERENCES papers_printed (id),
    by_name    TEXT NOT NULL,
    at         INTEGER NOT NULL
);
CREATE INDEX papers_reprinted_paper ON papers_reprinted (printed_id, id);

-- +goose Down
DROP TABLE papers_reprinted;
DROP TABLE papers_printed;
DROP TABLE paper_slip_versions;
DROP TABLE paper_slips;
