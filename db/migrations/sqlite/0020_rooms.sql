-- +goose Up
-- Mediation rooms (调解室): what they are, who sits there, and their life on record.
-- Opening hours are rules of the room's resource in the calendar.
CREATE TABLE rooms (
    id               INTEGER PRIMARY KEY,
    key              TEXT NOT NULL UNIQUE,
    kind             TEXT NOT NULL CHECK (kind IN ('brand', 'feature', 'studio', 'stationed', 'plain')),
    full_name        TEXT NOT NULL,
    short_name       TEXT NOT NULL,
    committee_id     INTEGER NOT NULL REFERENCES committees (id),
    community_id     INTEGER NOT NULL REFERENCES communities (id),
    lead_mediator_id INTEGER REFERENCES mediators (id),
    story            TEXT NOT NULL DEFAULT '',
    specialities     TEXT NOT NULL DEFAULT '',
    naming_authority TEXT NOT NULL DEFAULT '',
    approval_no      TEXT NOT NULL DEFAULT '',
    approved_on      TEXT NOT NULL DEFAULT '',
    plaque_on        TEXT NOT NULL DEFAULT '',
    address          TEXT NOT NULL,
    directions       TEXT NOT NULL DEFAULT '',
    phone            TEXT NOT NULL DEFAULT '',
    seats            INTEGER NOT NULL CHECK (seats > 0),
    facilities       TEXT NOT NULL DEFAULT '',
    state            TEXT NOT NULL CHECK (state IN ('applied', 'named', 'open', 'rectifying', 'withdrawn')),
    state_reason     TEXT NOT NULL DEFAULT '',
    review_due_on    TEXT NOT NULL DEFAULT '',
    created_at       INTEGER NOT NULL,
    version          INTEGER NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX rooms_name ON rooms (full_name) WHERE state <> 'withdrawn';

CREATE TABLE room_specialities (
    room_id      INTEGER NOT NULL REFERENCES rooms (id),
    dispute_type TEXT NOT NULL,
    PRIMARY KEY (room_id, dispute_type)
);

CREATE TABLE room_leads (
    room_id    INTEGER NOT NULL REFERENCES rooms (id),
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    PRIMARY KEY (room_id, account_id)
);
CREATE INDEX room_leads_account ON room_leads (account_id);

-- Duty days (值班): which mediator sits in which room, by weekday and minute of the day.
CREATE TABLE room_roster (
    id          INTEGER PRIMARY KEY,
    room_id     INTEGER NOT NULL REFERENCES rooms (id),
    mediator_id INTEGER NOT NULL REFERENCES mediators (id),
    weekday     INTEGER NOT NULL CHECK (weekday BETWEEN 1 AND 7),
    from_min    INTEGER NOT NULL,
    to_min      INTEGER NOT NULL,
    CHECK (from_min >= 0 AND to_min > from_min AND to_min <= 1440),
    UNIQUE (room_id, mediator_id, weekday, from_min)
);
CREATE INDEX room_roster_mediator ON room_roster (mediator_id);

CREATE TABLE room_events (
    id       INTEGER PRIMARY KEY,
    room_id  INTEGER NOT NULL REFERENCES rooms (id),
    at       INTEGER NOT NULL,
    day      TEXT NOT NULL,
    actor    TEXT NOT NULL,
    verb     TEXT NOT NULL,
    from_state TEXT NOT NULL,
    to_state TEXT NOT NULL,
    note     TEXT NOT NULL
);
CREATE INDEX room_events_room ON room_events (room_id, id);

-- +goose Down
DROP TABLE room_events;
DROP TABLE room_roster;
DROP TABLE room_leads;
DROP TABLE room_specialities;
DROP TABLE rooms;
