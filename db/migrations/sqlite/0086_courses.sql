-- +goose Up
-- Courses (课程). What a course teaches stands in its editions, which never change.
CREATE TABLE courses (
    id         INTEGER PRIMARY KEY,
    key        TEXT NOT NULL UNIQUE,
    code       TEXT NOT NULL UNIQUE,
    kind       TEXT NOT NULL CHECK (kind IN ('lecture', 'expert', 'textbook', 'seminar', 'court', 'drill', 'rotation', 'online', 'exam')),
    retired_on TEXT NOT NULL DEFAULT '',
    created_at INTEGER NOT NULL,
    version    INTEGER NOT NULL DEFAULT 1
);

CREATE TABLE course_editions (
    id           INTEGER PRIMARY KEY,
    course_id    INTEGER NOT NULL REFERENCES courses (id),
    no           INTEGER NOT NULL,
    title        TEXT NOT NULL,
    aims         TEXT NOT NULL DEFAULT '',
    minutes      INTEGER NOT NULL CHECK (minutes BETWEEN 0 AND 60000),
    note         TEXT NOT NULL,
    published_by TEXT NOT NULL,
    published_at INTEGER NOT NULL,
    UNIQUE (course_id, no)
);

-- What must be done before (先修).
CREATE TABLE course_prereqs (
    course_id INTEGER NOT NULL REFERENCES courses (id),
    needs_id  INTEGER NOT NULL REFERENCES courses (id),
    PRIMARY KEY (course_id, needs_id),
    CHECK (course_id <> needs_id)
);
CREATE INDEX course_prereqs_needs ON course_prereqs (needs_id, course_id);

-- Lecturers (讲师): one's own people, or invited ones with their particulars. Shown to the
-- public only with consent.
CREATE TABLE lecturers (
    id         INTEGER PRIMARY KEY,
    key        TEXT NOT NULL UNIQUE,
    learner_id INTEGER UNIQUE REFERENCES learners (id),
    name       TEXT NOT NULL,
    title      TEXT NOT NULL DEFAULT '',
    org        TEXT NOT NULL DEFAULT '',
    topics     TEXT NOT NULL DEFAULT '',
    bio        TEXT NOT NULL DEFAULT '',
    consent_on TEXT NOT NULL DEFAULT '',
    retired_on TEXT NOT NULL DEFAULT '',
    created_at INTEGER NOT NULL,
    version    INTEGER NOT NULL DEFAULT 1
);

-- Offerings (班次). Times stand here as well as in the booking: one transaction writes both.
CREATE TABLE offerings (
    id          INTEGER PRIMARY KEY,
    key         TEXT NOT NULL UNIQUE,
    edition_id  INTEGER NOT NULL REFERENCES course_editions (id),
    batch_no    TEXT NOT NULL,
    lecturer_id INTEGER REFERENCES lecturers (id),
    room_id     INTEGER REFERENCES rooms (id),
    place       TEXT NOT NULL DEFAULT '',
    booking_id  INTEGER NOT NULL UNIQUE REFERENCES bookings (id),
    starts_at   INTEGER NOT NULL,
    ends_at     INTEGER NOT NULL,
    day         TEXT NOT NULL,
    capacity    INTEGER NOT NULL CHECK (capacity BETWEEN 1 AND 2000),
    self_signup BOOLEAN NOT NULL DEFAULT TRUE,
    public      BOOLEAN NOT NULL DEFAULT FALSE,
    early_min   INTEGER NOT NULL CHECK (early_min BETWEEN 0 AND 240),
    late_min    INTEGER NOT NULL CHECK (late_min BETWEEN 0 AND 240),
    secret      BLOB NOT NULL,
    state       TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'cancelled')),
    reason      TEXT NOT NULL DEFAULT '',
    created_at  INTEGER NOT NULL,
    version     INTEGER NOT NULL DEFAULT 1,
    CHECK (ends_at > starts_at)
);
CREATE INDEX offerings_day ON offerings (day, starts_at);
CREATE INDEX offerings_edition ON offerings (edition_id, id);

-- Who is in a class. left_out: named in a list but not taken, with the reason.
CREATE TABLE enrolments (
    id          INTEGER PRIMARY KEY,
    offering_id INTEGER NOT NULL REFERENCES offerings (id),
    learner_id  INTEGER NOT NULL REFERENCES learners (id),
    state       TEXT NOT NULL CHECK (state IN ('confirmed', 'waitlist', 'withdrawn', 'left_out')),
    place       INTEGER NOT NULL DEFAULT 0,
    source      TEXT NOT NULL CHECK (source IN ('manual', 'self')),
    reason      TEXT NOT NULL DEFAULT '',
    changed_by  TEXT NOT NULL,
    changed_at  INTEGER NOT NULL,
    UNIQUE (offering_id, learner_id)
);
CREATE INDEX enrolments_learner ON enrolments (learner_id, offering_id);

-- Attendance (考勤) as it stands; how it came about is the log, which only grows.
CREATE TABLE attendance (
    id          INTEGER PRIMARY KEY,
    offering_id INTEGER NOT NULL REFERENCES offerings (id),
    learner_id  INTEGER NOT NULL REFERENCES learners (id),
    in_at       INTEGER,
    out_at      INTEGER,
    excused     TEXT NOT NULL DEFAULT '' CHECK (excused IN ('', 'leave', 'absent')),
    flag        TEXT NOT NULL DEFAULT '',
    version     INTEGER NOT NULL DEFAULT 1,
    UNIQUE (offering_id, learner_id)
);
CREATE TABLE attendance_log (
    id          INTEGER PRIMARY KEY,
    offering_id INTEGER NOT NULL REFERENCES offerings (id),
    learner_id  INTEGER NOT NULL REFERENCES learners (id),
    at          INTEGER NOT NULL,
    how         TEXT NOT NULL CHECK (how IN ('qr', 'code', 'manual')),
    before      TEXT NOT NULL,
    after       TEXT NOT NULL,
    reason      TEXT NOT NULL DEFAULT '',
    device      TEXT NOT NULL DEFAULT '',
    actor       TEXT NOT NULL
);
CREATE INDEX attendance_log_person ON attendance_log (offering_id, learner_id, id);
CREATE INDEX attendance_log_device ON attendance_log (device, at) WHERE device <> '';

-- No more in a class than it holds, on whatever path they come.
-- +goose StatementBegin
CREATE TRIGGER enrolments_capacity_insert BEFORE INSERT ON enrolments WHEN NEW.state = 'confirmed'
BEGIN
    SELECT RAISE(ABORT, 'class_full') WHERE (SELECT COUNT(*) FROM enrolments WHERE offering_id = NEW.offering_id AND state = 'confirmed'
        AND learner_id <> NEW.learner_id) >= (SELECT capacity FROM offerings WHERE id = NEW.offering_id);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER enrolments_capacity_update BEFORE UPDATE ON enrolments WHEN NEW.state = 'confirmed'
BEGIN
    SELECT RAISE(ABORT, 'class_full') WHERE (SELECT COUNT(*) FROM enrolments WHERE offering_id = NEW.offering_id AND state = 'confirmed'
        AND learner_id <> NEW.learner_id) >= (SELECT capacity FROM offerings WHERE id = NEW.offering_id);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER offerings_capacity BEFORE UPDATE OF capacity ON offerings
BEGIN
    SELECT RAISE(ABORT, 'class_full') WHERE (SELECT COUNT(*) FROM enrolments WHERE offering_id = NEW.id AND state = 'confirmed') > NEW.capacity;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER course_editions_stay BEFORE UPDATE ON course_editions
BEGIN SELECT RAISE(ABORT, 'an edition never changes'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER course_editions_last BEFORE DELETE ON course_editions
BEGIN SELECT RAISE(ABORT, 'an edition never changes'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER attendance_log_stay BEFORE UPDATE ON attendance_log
BEGIN SELECT RAISE(ABORT, 'the log only grows'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER attendance_log_last BEFORE DELETE ON attendance_log
BEGIN SELECT RAISE(ABORT, 'the log only grows'); END;
-- +goose StatementEnd

-- +goose Down
DROP TABLE attendance_log;
DROP TABLE attendance;
DROP TABLE enrolments;
DROP TABLE offerings;
DROP TABLE lecturers;
DROP TABLE course_prereqs;
DROP TABLE course_editions;
DROP TABLE courses;
