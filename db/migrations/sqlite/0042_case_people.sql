-- +goose Up
-- The people of a case: how long an agent acts, what was corrected about a party and why, who came
-- to a session, what reminds of it; and one mark per phone and identity number, by which the calendar
-- knows the same person in two cases.
ALTER TABLE case_agents ADD COLUMN until_on TEXT NOT NULL DEFAULT '';
CREATE INDEX case_agents_phone ON case_agents (phone_index, case_id) WHERE phone_index <> '';
CREATE INDEX case_agents_idno ON case_agents (idno_index, case_id) WHERE idno_index <> '';

-- A party added, corrected or taken out. Reason and former values are sealed. The party may be gone.
CREATE TABLE case_party_changes (
    id            INTEGER PRIMARY KEY,
    key           TEXT NOT NULL UNIQUE,
    case_id       INTEGER NOT NULL REFERENCES cases (id),
    party_id      INTEGER NOT NULL,
    at            INTEGER NOT NULL,
    account_id    INTEGER NOT NULL,
    by_name       TEXT NOT NULL,
    what          TEXT NOT NULL CHECK (what IN ('add', 'change', 'remove')),
    fields        TEXT NOT NULL,
    reason_sealed BLOB NOT NULL,
    old_sealed    BLOB NOT NULL
);
CREATE INDEX case_party_changes_case ON case_party_changes (case_id, id);

-- Who came to a session that could not be held because somebody did not (未到场).
CREATE TABLE case_attendance (
    session_id INTEGER NOT NULL REFERENCES case_sessions (id),
    party_id   INTEGER NOT NULL REFERENCES case_parties (id),
    came       BOOLEAN NOT NULL,
    waited_min INTEGER NOT NULL,
    at         INTEGER NOT NULL,
    day        TEXT NOT NULL,
    account_id INTEGER NOT NULL,
    PRIMARY KEY (session_id, party_id)
);
CREATE INDEX case_attendance_absent ON case_attendance (day, party_id) WHERE NOT came;
ALTER TABLE case_parties ADD COLUMN absences INTEGER NOT NULL DEFAULT 0;

-- A reminder given, or passed over because it would have come too late, per time of a session.
CREATE TABLE case_reminders (
    session_id INTEGER NOT NULL REFERENCES case_sessions (id),
    sequence   INTEGER NOT NULL,
    rule       TEXT NOT NULL CHECK (rule IN ('day', 'hours')),
    at         INTEGER NOT NULL,
    sent       BOOLEAN NOT NULL,
    PRIMARY KEY (session_id, sequence, rule)
);

-- A person as the calendar knows one: the blind index of a phone or an identity number.
CREATE TABLE person_marks (
    id   INTEGER PRIMARY KEY,
    mark TEXT NOT NULL UNIQUE
);
-- Until now a party's resource was its row in one case; those keep out of the marks' way.
UPDATE resources SET ref_id = -ref_id WHERE kind = 'party' AND ref_id > 0;

-- Running deadlines to be counted anew, batch by batch.
CREATE TABLE clock_recounts (
    id         INTEGER PRIMARY KEY,
    asked_by   TEXT NOT NULL,
    asked_at   INTEGER NOT NULL,
    last_clock INTEGER NOT NULL DEFAULT 0,
    seen       INTEGER NOT NULL DEFAULT 0,
    moved      INTEGER NOT NULL DEFAULT 0,
    done_at    INTEGER
);
CREATE INDEX clock_recounts_open ON clock_recounts (id) WHERE done_at IS NULL;

-- +goose Down
DROP TABLE clock_recounts;
DROP TABLE person_marks;
DROP TABLE case_reminders;
ALTER TABLE case_parties DROP COLUMN absences;
DROP TABLE case_attendance;
DROP TABLE case_party_changes;
DROP INDEX case_agents_idno;
DROP INDEX case_agents_phone;
ALTER TABLE case_agents DROP COLUMN until_on;
