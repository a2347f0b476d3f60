-- +goose Up
-- Whose text it is, by account: two people of one name never share a rival. 0 is a text from before.
ALTER TABLE record_part_versions ADD COLUMN account_id BIGINT NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE record_part_versions DROP COLUMN account_id;
