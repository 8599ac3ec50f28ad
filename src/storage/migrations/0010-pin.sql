-- PINs: the present one of a user is the row that was not replaced; those before it are kept to compare new ones with.
CREATE TABLE pin (
  id text PRIMARY KEY,
  user_id text NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  sealed_hash text NOT NULL,
  set_at bigint NOT NULL,
  must_change_since bigint,
  replaced_at bigint
);
CREATE INDEX pin_of_user ON pin (user_id, set_at);
CREATE UNIQUE INDEX pin_present ON pin (user_id) WHERE replaced_at IS NULL;
