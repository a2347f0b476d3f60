-- +goose Up
-- The day on which somebody last came to another unit or post, or came back: from then on
-- counts the time for what the new place asks.
ALTER TABLE learners ADD COLUMN moved_on TEXT NOT NULL DEFAULT '';

-- What must be learned (培训要求), by whom, how often.
CREATE TABLE requirements (
    id             INTEGER PRIMARY KEY,
    key            TEXT NOT NULL UNIQUE,
    title          TEXT NOT NULL,
    subject_kind   TEXT NOT NULL CHECK (subject_kind IN ('any', 'course', 'exam', 'book', 'title')),
    subject_key    TEXT NOT NULL DEFAULT '',
    posts          TEXT NOT NULL DEFAULT '',
    units          TEXT NOT NULL DEFAULT '',
    tags           TEXT NOT NULL DEFAULT '',
    joined_from    TEXT NOT NULL DEFAULT '',
    joined_to      TEXT NOT NULL DEFAULT '',
    cycle          TEXT NOT NULL CHECK (cycle IN ('once', 'rolling', 'calendar')),
    months         INTEGER NOT NULL DEFAULT 0,
    cal_from       TEXT NOT NULL DEFAULT '',
    cal_to         TEXT NOT NULL DEFAULT '',
    window_days    INTEGER NOT NULL DEFAULT 30 CHECK (window_days >= 0),
    grace_days     INTEGER NOT NULL DEFAULT 0 CHECK (grace_days >= 0),
    first_due_days INTEGER NOT NULL DEFAULT 0 CHECK (first_due_days >= 0),
    min_minutes    INTEGER NOT NULL DEFAULT 0 CHECK (min_minutes >= 0),
    active_from    TEXT NOT NULL,
    active_to      TEXT NOT NULL DEFAULT '',
    basis          TEXT NOT NULL DEFAULT '',
    version        INTEGER NOT NULL DEFAULT 1,
    CHECK ((subject_kind = 'any') = (subject_key = '')),
    CHECK ((cycle = 'rolling') = (months > 0)),
    CHECK ((cycle = 'calendar') = (cal_from <> '' AND cal_to <> ''))
);

-- Every wording that a requirement had.
CREATE TABLE requirement_versions (
    id             INTEGER PRIMARY KEY,
    requirement_id INTEGER NOT NULL REFERENCES requirements (id),
    version        INTEGER NOT NULL,
    body           TEXT NOT NULL,
    note           TEXT NOT NULL,
    by_name        TEXT NOT NULL,
    at             INTEGER NOT NULL,
    UNIQUE (requirement_id, version)
);

-- What was decided for one person: assigned beside the rule, released, excused, reminded.
CREATE TABLE requirement_acts (
    id             INTEGER PRIMARY KEY,
    requirement_id INTEGER NOT NULL REFERENCES requirements (id),
    learner_id     INTEGER NOT NULL REFERENCES learners (id),
    kind           TEXT NOT NULL CHECK (kind IN ('assign', 'release', 'waive', 'unwaive', 'remind')),
    on_day         TEXT NOT NULL,
    until_on       TEXT NOT NULL DEFAULT '',
    reason         TEXT NOT NULL DEFAULT '',
    by_name        TEXT NOT NULL,
    at             INTEGER NOT NULL
);
CREATE INDEX requirement_acts_cell ON requirement_acts (learner_id, requirement_id, id);
-- The loop's reminders name the day that is due: each is sent once, whoever runs the loop.
CREATE UNIQUE INDEX requirement_acts_reminded ON requirement_acts (until_on, requirement_id, learner_id, reason) WHERE kind = 'remind' AND until_on <> '';

-- What was learned. Rows are added and can be voided; nothing else changes them.
CREATE TABLE completions (
    id           INTEGER PRIMARY KEY,
    key          TEXT NOT NULL UNIQUE,
    learner_id   INTEGER NOT NULL REFERENCES learners (id),
    subject_kind TEXT NOT NULL CHECK (subject_kind IN ('course', 'exam', 'book', 'title')),
    subject_key  TEXT NOT NULL,
    title        TEXT NOT NULL,
    done_on      TEXT NOT NULL,
    minutes      INTEGER NOT NULL DEFAULT 0 CHECK (minutes >= 0),
    score        INTEGER,
    evidence     TEXT NOT NULL,
    by_name      TEXT NOT NULL,
    at           INTEGER NOT NULL,
    voided_at    INTEGER,
    voided_by    TEXT NOT NULL DEFAULT '',
    void_reason  TEXT NOT NULL DEFAULT ''
);
CREATE INDEX completions_learner ON completions (learner_id, subject_kind, subject_key, done_on, minutes) WHERE voided_at IS NULL;
CREATE INDEX completions_of ON completions (learner_id, id);
-- What was added and voided lately is read again, instead of all years.
CREATE INDEX completions_at ON completions (at);
CREATE INDEX completions_voided ON completions (voided_at) WHERE voided_at IS NOT NULL;

-- +goose StatementBegin
CREATE TRIGGER completions_keep_what_was BEFORE UPDATE ON completions
WHEN OLD.voided_at IS NOT NULL OR NEW.voided_at IS NULL OR NEW.id <> OLD.id OR NEW.key <> OLD.key OR NEW.learner_id <> OLD.learner_id
    OR NEW.subject_kind <> OLD.subject_kind OR NEW.subject_key <> OLD.subject_key OR NEW.title <> OLD.title OR NEW.done_on <> OLD.done_on
    OR NEW.minutes <> OLD.minutes OR NEW.score IS NOT OLD.score OR NEW.evidence <> OLD.evidence OR NEW.by_name <> OLD.by_name OR NEW.at <> OLD.at
BEGIN
    SELECT RAISE(ABORT, 'completions are append-only');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER completions_keep_all BEFORE DELETE ON completions
BEGIN
    SELECT RAISE(ABORT, 'completions are append-only');
END;
-- +goose StatementEnd

-- A file of people and past training, read and checked; nothing of it is taken in yet.
CREATE TABLE history_imports (
    key          TEXT PRIMARY KEY,
    account_id   INTEGER NOT NULL REFERENCES accounts (id),
    lines_sealed BLOB,
    created_at   INTEGER NOT NULL,
    confirmed_at INTEGER,
    taken        INTEGER NOT NULL DEFAULT 0
);

-- What a mediator's cases showed (办案指标), what was advised, and when.
CREATE TABLE training_advice (
    id          INTEGER PRIMARY KEY,
    key         TEXT NOT NULL UNIQUE,
    learner_id  INTEGER NOT NULL REFERENCES learners (id),
    indicator   TEXT NOT NULL,
    detail      TEXT NOT NULL DEFAULT '',
    n           INTEGER NOT NULL,
    of_n        INTEGER NOT NULL,
    from_on     TEXT NOT NULL,
    to_on       TEXT NOT NULL,
    title       TEXT NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('advised', 'dismissed')),
    reason      TEXT NOT NULL DEFAULT '',
    by_name     TEXT NOT NULL,
    on_day      TEXT NOT NULL,
    at          INTEGER NOT NULL,
    UNIQUE (learner_id, indicator, detail, on_day)
);
CREATE INDEX training_advice_day ON training_advice (on_day, id);

-- +goose Down
DROP TABLE training_advice;
DROP TABLE history_imports;
DROP TABLE completions;
DROP TABLE requirement_acts;
DROP TABLE requirement_versions;
DROP TABLE requirements;
ALTER TABLE learners DROP COLUMN moved_on;
