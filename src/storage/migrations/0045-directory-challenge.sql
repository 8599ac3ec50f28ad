-- What a directory asked back at sign-in (RADIUS Access-Challenge), until its one reply. Whose it is, is sealed as well.
CREATE TABLE directory_challenge (
  id text PRIMARY KEY,
  token_hash text NOT NULL UNIQUE,
  sealed text NOT NULL,
  address text,
  expires_at bigint NOT NULL
);
CREATE INDEX directory_challenge_expires ON directory_challenge (expires_at);
