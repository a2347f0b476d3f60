-- +goose Up
-- A side's word that what it told a former mediator alone (单独沟通) may be read by the
-- one who follows. The word is for that one mediator.
CREATE TABLE record_handovers (
    case_id     BIGINT NOT NULL REFERENCES cases (id),
    party_key   TEXT NOT NULL,
    mediator_id BIGINT NOT NULL REFERENCES mediators (id),
    at          BIGINT NOT NULL,
    by_name     TEXT NOT NULL,
    PRIMARY KEY (case_id, party_key, mediator_id)
);

-- +goose Down
DROP TABLE record_handovers;
