-- +goose Up
-- What a room is known for are its ticked types of dispute, in room_specialities. The
-- same in free words had no field in any form and was shown nowhere.
ALTER TABLE rooms DROP COLUMN specialities;

-- +goose Down
ALTER TABLE rooms ADD COLUMN specialities TEXT NOT NULL DEFAULT '';
