CREATE TABLE recovery_code (
  id text PRIMARY KEY,
  user_id text NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  ordinal integer NOT NULL,
  hash text NOT NULL,
  made_at bigint NOT NULL,
  used_at bigint,
  UNIQUE (user_id, ordinal)
);
