-- +goose Up
-- A person's own things: unread messages are counted by an index; a grading keeps its paper.
CREATE INDEX outbox_unread ON outbox (account_id, id) WHERE account_id IS NOT NULL AND read_at IS NULL;
ALTER TABLE mediator_grades ADD COLUMN file_key TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE mediator_grades DROP COLUMN file_key;
DROP INDEX outbox_unread;
