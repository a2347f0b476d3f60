-- +goose Up
-- The question bank (题库). What is asked is a version, and a version's content never changes;
-- only its state does.
CREATE TABLE questions (
    id         INTEGER PRIMARY KEY,
    code       TEXT NOT NULL UNIQUE,
    source     TEXT NOT NULL DEFAULT '',
    created_at INTEGER NOT NULL
);

CREATE TABLE question_versions (
    id          INTEGER PRIMARY KEY,
    question_id INTEGER NOT NULL REFERENCES questions (id),
    no          INTEGER NOT NULL,
    kind        TEXT NOT NULL CHECK (kind IN ('single', 'multi', 'judge', 'blank', 'match', 'numeric', 'short')),
    points      INTEGER NOT NULL CHECK (points BETWEEN 1 AND 100),
    category    TEXT NOT NULL DEFAULT '',
    tags        TEXT NOT NULL DEFAULT '',
    stem        TEXT NOT NULL,
    body        TEXT NOT NULL,
    sha256      TEXT NOT NULL,
    state       TEXT NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'ready', 'hidden')),
    latest      BOOLEAN NOT NULL DEFAULT TRUE,
    made_by     TEXT NOT NULL,
    made_at     INTEGER NOT NULL,
    UNIQUE (question_id, no)
);
CREATE INDEX question_versions_hash ON question_versions (sha256);
CREATE UNIQUE INDEX question_versions_latest ON question_versions (question_id) WHERE latest;
CREATE INDEX question_versions_ready ON question_versions (question_id) WHERE state = 'ready';

-- +goose StatementBegin
CREATE TRIGGER question_versions_stay BEFORE UPDATE OF question_id, no, kind, points, category, tags, stem, body, sha256 ON question_versions
BEGIN SELECT RAISE(ABORT, 'a question version never changes'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER question_versions_last BEFORE DELETE ON question_versions
BEGIN SELECT RAISE(ABORT, 'a question version is never deleted'); END;
-- +goose StatementEnd

-- Exams (考试). slots are the parts of the paper; gate says that nobody is listed in the
-- marketplace without its certificate, those listed before not beyond gate_from.
CREATE TABLE exams (
    id           INTEGER PRIMARY KEY,
    key          TEXT NOT NULL UNIQUE,
    title        TEXT NOT NULL,
    notes        TEXT NOT NULL DEFAULT '',
    slots        TEXT NOT NULL,
    pass_percent INTEGER NOT NULL CHECK (pass_percent BETWEEN 0 AND 100),
    minutes      INTEGER NOT NULL DEFAULT 0,
    max_attempts INTEGER NOT NULL DEFAULT 0,
    opens_on     TEXT NOT NULL DEFAULT '',
    closes_on    TEXT NOT NULL DEFAULT '',
    show_answers TEXT NOT NULL DEFAULT 'never' CHECK (show_answers IN ('never', 'after_pass', 'after_close')),
    certify      BOOLEAN NOT NULL DEFAULT FALSE,
    valid_months INTEGER NOT NULL DEFAULT 0,
    gate         BOOLEAN NOT NULL DEFAULT FALSE,
    gate_from    TEXT NOT NULL DEFAULT '',
    state        TEXT NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'open', 'closed')),
    created_at   INTEGER NOT NULL,
    version      INTEGER NOT NULL DEFAULT 1
);

-- An attempt (一次作答) keeps the rules it was begun under.
CREATE TABLE exam_attempts (
    id           INTEGER PRIMARY KEY,
    key          TEXT NOT NULL UNIQUE,
    exam_id      INTEGER NOT NULL REFERENCES exams (id),
    learner_id   INTEGER NOT NULL REFERENCES learners (id),
    no           INTEGER NOT NULL,
    seed         INTEGER NOT NULL,
    pass_percent INTEGER NOT NULL,
    started_at   INTEGER NOT NULL,
    deadline_at  INTEGER,
    submitted_at INTEGER,
    by_time      BOOLEAN NOT NULL DEFAULT FALSE,
    points       INTEGER NOT NULL DEFAULT 0,
    max_points   INTEGER NOT NULL,
    waiting      INTEGER NOT NULL DEFAULT 0,
    verdict      TEXT NOT NULL DEFAULT '' CHECK (verdict IN ('', 'passed', 'failed', 'pending')),
    version      INTEGER NOT NULL DEFAULT 1,
    UNIQUE (exam_id, learner_id, no)
);
CREATE UNIQUE INDEX exam_attempts_open ON exam_attempts (exam_id, learner_id) WHERE submitted_at IS NULL;
CREATE INDEX exam_attempts_due ON exam_attempts (deadline_at) WHERE submitted_at IS NULL;
CREATE INDEX exam_attempts_waiting ON exam_attempts (exam_id, id) WHERE waiting > 0;
CREATE INDEX exam_attempts_learner ON exam_attempts (learner_id, id);

CREATE TABLE exam_answers (
    attempt_id INTEGER NOT NULL REFERENCES exam_attempts (id),
    pos        INTEGER NOT NULL,
    version_id INTEGER NOT NULL REFERENCES question_versions (id),
    of_points  INTEGER NOT NULL,
    response   TEXT NOT NULL DEFAULT '',
    points     INTEGER NOT NULL DEFAULT 0,
    manual     BOOLEAN NOT NULL DEFAULT FALSE,
    remark     TEXT NOT NULL DEFAULT '',
    graded_by  TEXT NOT NULL DEFAULT '',
    saved_at   INTEGER,
    PRIMARY KEY (attempt_id, pos)
);
CREATE INDEX exam_answers_version ON exam_answers (version_id);

-- Certificates (证书). Names and validity are those of the day of issue; the row outlives both.
CREATE TABLE certificates (
    id             INTEGER PRIMARY KEY,
    key            TEXT NOT NULL UNIQUE,
    serial         TEXT NOT NULL UNIQUE,
    token          TEXT NOT NULL UNIQUE,
    learner_id     INTEGER NOT NULL REFERENCES learners (id),
    exam_id        INTEGER NOT NULL REFERENCES exams (id),
    attempt_id     INTEGER NOT NULL REFERENCES exam_attempts (id),
    issued_on      TEXT NOT NULL,
    valid_to       TEXT NOT NULL DEFAULT '',
    person_name    TEXT NOT NULL,
    course_title   TEXT NOT NULL,
    state          TEXT NOT NULL DEFAULT 'valid' CHECK (state IN ('valid', 'revoked', 'superseded')),
    revoked_reason TEXT NOT NULL DEFAULT '',
    revoked_by     TEXT NOT NULL DEFAULT '',
    revoked_on     TEXT NOT NULL DEFAULT '',
    noticed        INTEGER NOT NULL DEFAULT 999,
    version        INTEGER NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX certificates_valid ON certificates (learner_id, exam_id) WHERE state = 'valid';
CREATE INDEX certificates_expiring ON certificates (valid_to) WHERE state = 'valid' AND valid_to <> '';
CREATE INDEX certificates_learner ON certificates (learner_id, id);

-- The last day on which residents may choose a listed mediator, as the training requires; '' for no end.
ALTER TABLE mediators ADD COLUMN listed_to TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE mediators DROP COLUMN listed_to;
DROP TABLE certificates;
DROP TABLE exam_answers;
DROP TABLE exam_attempts;
DROP TABLE exams;
DROP TABLE question_versions;
DROP TABLE questions;
