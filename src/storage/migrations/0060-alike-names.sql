-- What some servers take for one name, as one text (`likenessOf` of the key); empty until it was filled in, at the next start.
ALTER TABLE users ADD COLUMN likeness text;
CREATE INDEX users_alike ON users (likeness, id);
CREATE INDEX users_unlikened ON users (id) WHERE likeness IS NULL;
