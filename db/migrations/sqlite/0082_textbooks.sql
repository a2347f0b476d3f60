-- +goose Up
-- The school's own textbooks (自编教材). What readers see is an edition, and an edition never changes.
CREATE TABLE textbooks (
    id         INTEGER PRIMARY KEY,
    slug       TEXT NOT NULL UNIQUE,
    title      TEXT NOT NULL,
    created_at INTEGER NOT NULL
);

CREATE TABLE textbook_editions (
    id           INTEGER PRIMARY KEY,
    textbook_id  INTEGER NOT NULL REFERENCES textbooks (id),
    no           INTEGER NOT NULL,
    source       TEXT NOT NULL CHECK (source IN ('file', 'web')),
    meta         TEXT NOT NULL,
    sha256       TEXT NOT NULL,
    notes        TEXT NOT NULL DEFAULT '',
    submitted_by TEXT NOT NULL DEFAULT '',
    reviewed_by  TEXT NOT NULL DEFAULT '',
    published_by TEXT NOT NULL,
    published_at INTEGER NOT NULL,
    UNIQUE (textbook_id, no)
);

-- since_no is the edition from which on reading the chapter counts: who finished an older one reads it again.
CREATE TABLE textbook_chapters (
    id         INTEGER PRIMARY KEY,
    edition_id INTEGER NOT NULL REFERENCES textbook_editions (id),
    pos        INTEGER NOT NULL,
    chapter_id TEXT NOT NULL,
    file       TEXT NOT NULL,
    title      TEXT NOT NULL,
    md         TEXT NOT NULL,
    sha256     TEXT NOT NULL,
    since_no   INTEGER NOT NULL,
    UNIQUE (edition_id, chapter_id)
);

-- +goose StatementBegin
CREATE TRIGGER textbook_editions_stay BEFORE UPDATE ON textbook_editions
BEGIN SELECT RAISE(ABORT, 'a published edition never changes'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER textbook_editions_last BEFORE DELETE ON textbook_editions
BEGIN SELECT RAISE(ABORT, 'a published edition is never deleted'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER textbook_chapters_stay BEFORE UPDATE ON textbook_chapters
BEGIN SELECT RAISE(ABORT, 'a published chapter never changes'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER textbook_chapters_last BEFORE DELETE ON textbook_chapters
BEGIN SELECT RAISE(ABORT, 'a published chapter is never deleted'); END;
-- +goose StatementEnd

-- The next edition while it is written: at most one for a book.
CREATE TABLE textbook_drafts (
    id           INTEGER PRIMARY KEY,
    textbook_id  INTEGER NOT NULL UNIQUE REFERENCES textbooks (id),
    state        TEXT NOT NULL DEFAULT 'writing' CHECK (state IN ('writing', 'review')),
    meta         TEXT NOT NULL,
    notes        TEXT NOT NULL DEFAULT '',
    returned     TEXT NOT NULL DEFAULT '',
    submitted_by TEXT NOT NULL DEFAULT '',
    submitter_id INTEGER NOT NULL DEFAULT 0,
    started_by   TEXT NOT NULL,
    started_at   INTEGER NOT NULL,
    version      INTEGER NOT NULL DEFAULT 1
);

-- A chapter of a draft: front is what it says of itself, body its text. version counts the body's changes.
CREATE TABLE textbook_draft_chapters (
    id            INTEGER PRIMARY KEY,
    draft_id      INTEGER NOT NULL REFERENCES textbook_drafts (id) ON DELETE CASCADE,
    pos           INTEGER NOT NULL,
    chapter_id    TEXT NOT NULL,
    front         TEXT NOT NULL,
    front_version INTEGER NOT NULL DEFAULT 1,
    body          TEXT NOT NULL,
    version       INTEGER NOT NULL DEFAULT 1,
    removed       BOOLEAN NOT NULL DEFAULT FALSE,
    edited_by     TEXT NOT NULL,
    edited_at     INTEGER NOT NULL,
    UNIQUE (draft_id, chapter_id)
);

-- Texts a body had, to merge with, and those that lost a race (rival): nothing typed is lost.
CREATE TABLE textbook_draft_texts (
    id         INTEGER PRIMARY KEY,
    chapter_id INTEGER NOT NULL REFERENCES textbook_draft_chapters (id) ON DELETE CASCADE,
    version    INTEGER NOT NULL,
    rival      BOOLEAN NOT NULL DEFAULT FALSE,
    key        TEXT NOT NULL UNIQUE,
    body       TEXT NOT NULL,
    account_id INTEGER NOT NULL,
    edited_by  TEXT NOT NULL,
    edited_at  INTEGER NOT NULL,
    settled_at INTEGER
);
CREATE INDEX textbook_draft_texts_chapter ON textbook_draft_texts (chapter_id, version);

-- How far somebody has read a chapter. It hangs on the chapter's id, so a new order keeps it.
CREATE TABLE textbook_readings (
    id          INTEGER PRIMARY KEY,
    learner_id  INTEGER NOT NULL REFERENCES learners (id),
    textbook_id INTEGER NOT NULL REFERENCES textbooks (id),
    chapter_id  TEXT NOT NULL,
    edition_no  INTEGER NOT NULL,
    seconds     INTEGER NOT NULL DEFAULT 0,
    spent       TEXT NOT NULL DEFAULT '',
    last_block  INTEGER NOT NULL DEFAULT 0,
    max_block   INTEGER NOT NULL DEFAULT 0,
    first_at    INTEGER NOT NULL,
    last_at     INTEGER NOT NULL,
    done_no     INTEGER NOT NULL DEFAULT 0,
    done_how    TEXT NOT NULL DEFAULT '' CHECK (done_how IN ('', 'read', 'quiz')),
    done_at     INTEGER,
    UNIQUE (learner_id, textbook_id, chapter_id)
);

-- The latest answer to each question that a chapter asks.
CREATE TABLE textbook_answers (
    id          INTEGER PRIMARY KEY,
    learner_id  INTEGER NOT NULL REFERENCES learners (id),
    textbook_id INTEGER NOT NULL REFERENCES textbooks (id),
    chapter_id  TEXT NOT NULL,
    question_id TEXT NOT NULL,
    question    TEXT NOT NULL,
    response    TEXT NOT NULL,
    points      INTEGER NOT NULL,
    of_points   INTEGER NOT NULL,
    tries       INTEGER NOT NULL DEFAULT 1,
    at          INTEGER NOT NULL,
    UNIQUE (learner_id, textbook_id, question_id)
);
CREATE INDEX textbook_answers_chapter ON textbook_answers (learner_id, textbook_id, chapter_id);

-- A reader's own notes (批注), sealed: they may speak of cases.
CREATE TABLE textbook_notes (
    id          INTEGER PRIMARY KEY,
    key         TEXT NOT NULL UNIQUE,
    learner_id  INTEGER NOT NULL REFERENCES learners (id),
    textbook_id INTEGER NOT NULL REFERENCES textbooks (id),
    chapter_id  TEXT NOT NULL,
    edition_no  INTEGER NOT NULL,
    block_hash  TEXT NOT NULL,
    block_index INTEGER NOT NULL,
    quote       TEXT NOT NULL DEFAULT '',
    note_sealed BLOB NOT NULL,
    at          INTEGER NOT NULL,
    version     INTEGER NOT NULL DEFAULT 1
);
CREATE INDEX textbook_notes_chapter ON textbook_notes (learner_id, textbook_id, chapter_id);

-- +goose Down
DROP TABLE textbook_notes;
DROP TABLE textbook_answers;
DROP TABLE textbook_readings;
DROP TABLE textbook_draft_texts;
DROP TABLE textbook_draft_chapters;
DROP TABLE textbook_drafts;
DROP TABLE textbook_chapters;
DROP TABLE textbook_editions;
DROP TABLE textbooks;
