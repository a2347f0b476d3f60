-- +goose Up
-- One calendar for everything that can be booked: mediators, rooms, liaisons, parties,
-- lecturers, learners. Intervals are half-open; times are unix seconds.
CREATE TABLE resources (
    id      INTEGER PRIMARY KEY,
    kind    TEXT NOT NULL CHECK (kind IN ('mediator', 'room', 'liaison', 'party', 'lecturer', 'learner')),
    ref_id  INTEGER NOT NULL,
    name    TEXT NOT NULL,
    active  BOOLEAN NOT NULL DEFAULT TRUE,
    UNIQUE (kind, ref_id)
);

-- Weekly hours, in minutes of the local day.
CREATE TABLE availability_rules (
    id          INTEGER PRIMARY KEY,
    resource_id INTEGER NOT NULL REFERENCES resources (id),
    weekday     INTEGER NOT NULL CHECK (weekday BETWEEN 1 AND 7),
    from_min    INTEGER NOT NULL,
    to_min      INTEGER NOT NULL,
    on_holidays BOOLEAN NOT NULL DEFAULT FALSE,
    CHECK (from_min >= 0 AND to_min > from_min AND to_min <= 1440)
);
CREATE INDEX availability_rules_resource ON availability_rules (resource_id, weekday);

-- Deviations: closed (leave, a closed day) or open (an extra day, a court slot).
CREATE TABLE availability_exceptions (
    id          INTEGER PRIMARY KEY,
    key         TEXT NOT NULL UNIQUE,
    resource_id INTEGER NOT NULL REFERENCES resources (id),
    kind        TEXT NOT NULL CHECK (kind IN ('closed', 'open')),
    from_at     INTEGER NOT NULL,
    to_at       INTEGER NOT NULL,
    purpose     TEXT NOT NULL DEFAULT '',
    reason      TEXT NOT NULL DEFAULT '',
    created_by  TEXT NOT NULL,
    created_at  INTEGER NOT NULL,
    removed_at  INTEGER,
    CHECK (to_at > from_at)
);
CREATE INDEX availability_exceptions_resource ON availability_exceptions (resource_id, to_at) WHERE removed_at IS NULL;

-- 放假安排 as entered; the newest version of a year counts.
CREATE TABLE workday_notices (
    id         INTEGER PRIMARY KEY,
    year       INTEGER NOT NULL,
    source     TEXT NOT NULL,
    body       TEXT NOT NULL,
    entered_by TEXT NOT NULL,
    entered_at INTEGER NOT NULL
);
CREATE INDEX workday_notices_year ON workday_notices (year, id);

CREATE TABLE bookings (
    id         INTEGER PRIMARY KEY,
    uid        TEXT NOT NULL UNIQUE,
    kind       TEXT NOT NULL CHECK (kind IN ('mediation', 'court', 'class', 'other')),
    case_id    INTEGER,
    title      TEXT NOT NULL,
    place      TEXT NOT NULL DEFAULT '',
    starts_at  INTEGER NOT NULL,
    ends_at    INTEGER NOT NULL,
    day        TEXT NOT NULL,
    status     TEXT NOT NULL CHECK (status IN ('held', 'pending', 'confirmed', 'done', 'cancelled', 'expired')),
    expires_at INTEGER,
    sequence   INTEGER NOT NULL DEFAULT 0,
    reason     TEXT NOT NULL DEFAULT '',
    created_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    version    INTEGER NOT NULL DEFAULT 1,
    CHECK (ends_at > starts_at),
    CHECK ((status = 'held') = (expires_at IS NOT NULL))
);
CREATE INDEX bookings_case ON bookings (case_id, id) WHERE case_id IS NOT NULL;
CREATE INDEX bookings_day ON bookings (day, starts_at);
CREATE INDEX bookings_held ON bookings (expires_at) WHERE status = 'held';

-- What each booking takes. Eight hours at the most, so that the overlap guard can
-- search a bounded range of the index.
CREATE TABLE booking_resources (
    booking_id  INTEGER NOT NULL REFERENCES bookings (id),
    resource_id INTEGER NOT NULL REFERENCES resources (id),
    busy_from   INTEGER NOT NULL,
    busy_to     INTEGER NOT NULL,
    active      BOOLEAN NOT NULL,
    role        TEXT NOT NULL,
    PRIMARY KEY (booking_id, resource_id),
    CHECK (busy_to > busy_from AND busy_to - busy_from <= 28800)
);
CREATE INDEX booking_resources_busy ON booking_resources (resource_id, busy_from);

CREATE TABLE booking_events (
    id         INTEGER PRIMARY KEY,
    booking_id INTEGER NOT NULL REFERENCES bookings (id),
    at         INTEGER NOT NULL,
    verb       TEXT NOT NULL,
    note       TEXT NOT NULL DEFAULT ''
);
CREATE INDEX booking_events_booking ON booking_events (booking_id, id);

-- A person's own calendar as a link; only the token's hash is kept.
CREATE TABLE calendar_feeds (
    id          INTEGER PRIMARY KEY,
    key         TEXT NOT NULL UNIQUE,
    resource_id INTEGER NOT NULL REFERENCES resources (id),
    token_hash  TEXT NOT NULL UNIQUE,
    created_at  INTEGER NOT NULL,
    revoked_at  INTEGER
);
CREATE INDEX calendar_feeds_resource ON calendar_feeds (resource_id, id);

-- Both triggers are needed: rows inserted inactive could else be activated over another booking.
-- +goose StatementBegin
CREATE TRIGGER booking_overlap_insert BEFORE INSERT ON booking_resources WHEN NEW.active
BEGIN
    SELECT RAISE(ABORT, 'booking_overlap') WHERE EXISTS (SELECT 1 FROM booking_resources b
        WHERE b.resource_id = NEW.resource_id AND b.active AND b.busy_from < NEW.busy_to AND b.busy_to > NEW.busy_from
          AND b.busy_from > NEW.busy_from - 28800);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER booking_overlap_update BEFORE UPDATE ON booking_resources WHEN NEW.active
BEGIN
    SELECT RAISE(ABORT, 'booking_overlap') WHERE EXISTS (SELECT 1 FROM booking_resources b
        WHERE b.resource_id = NEW.resource_id AND b.active AND b.busy_from < NEW.busy_to AND b.busy_to > NEW.busy_from
          AND b.busy_from > NEW.busy_from - 28800 AND NOT (b.booking_id = OLD.booking_id AND b.resource_id = OLD.resource_id));
END;
-- +goose StatementEnd

-- +goose Down
DROP TABLE calendar_feeds;
DROP TABLE booking_events;
DROP TABLE booking_resources;
DROP TABLE bookings;
DROP TABLE workday_notices;
DROP TABLE availability_exceptions;
DROP TABLE availability_rules;
DROP TABLE resources;
