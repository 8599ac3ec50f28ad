-- Times are milliseconds since 1970 (bigint), booleans are nullable times, sealed and hashed things are text.

CREATE TABLE data_key (
  id text PRIMARY KEY,
  ordinal integer NOT NULL UNIQUE,
  wrapped text NOT NULL,
  created_at bigint NOT NULL
);

CREATE TABLE users (
  id text PRIMARY KEY,
  directory text NOT NULL,
  directory_uid text,
  username text NOT NULL,
  username_key text NOT NULL UNIQUE,
  display_name text,
  mail text,
  language text,
  disabled_at bigint,
  password_hash text,
  method text,
  phone text,
  enrolled_at bigint,
  failures integer NOT NULL DEFAULT 0,
  locked_until bigint,
  passed_at bigint,
  created_at bigint NOT NULL,
  UNIQUE (directory, directory_uid)
);

CREATE TABLE sign_in (
  id text PRIMARY KEY,
  token_hash text NOT NULL UNIQUE,
  user_id text NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  stage text NOT NULL,
  address text,
  user_agent text,
  created_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  closed_at bigint
);
CREATE INDEX sign_in_user ON sign_in (user_id);
CREATE INDEX sign_in_expires ON sign_in (expires_at);

CREATE TABLE session (
  id text PRIMARY KEY,
  token_hash text NOT NULL UNIQUE,
  user_id text NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  address text,
  user_agent text,
  proven_at bigint NOT NULL,
  seen_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  ended_at bigint
);
CREATE INDEX session_of_user ON session (user_id);
CREATE INDEX session_expires ON session (expires_at);

CREATE TABLE challenge (
  id text PRIMARY KEY,
  user_id text NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  transaction_id text NOT NULL,
  purpose text NOT NULL,
  phone text NOT NULL,
  code_mac text NOT NULL,
  attempts_left integer NOT NULL,
  created_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  closed_at bigint,
  delivery_id text NOT NULL
);
CREATE INDEX challenge_user ON challenge (user_id);
CREATE INDEX challenge_transaction ON challenge (transaction_id, purpose, created_at);
CREATE INDEX challenge_expires ON challenge (expires_at);

CREATE TABLE oath_token (
  id text PRIMARY KEY,
  user_id text NOT NULL UNIQUE REFERENCES users (id) ON DELETE CASCADE,
  sealed_secret text NOT NULL,
  algorithm text NOT NULL,
  digits integer NOT NULL,
  period integer NOT NULL,
  last_step bigint NOT NULL,
  added_at bigint NOT NULL,
  used_at bigint
);

CREATE TABLE token_offer (
  id text PRIMARY KEY,
  user_id text NOT NULL UNIQUE REFERENCES users (id) ON DELETE CASCADE,
  transaction_id text NOT NULL,
  sealed_secret text NOT NULL,
  algorithm text NOT NULL,
  digits integer NOT NULL,
  period integer NOT NULL,
  attempts_left integer NOT NULL,
  expires_at bigint NOT NULL
);
CREATE INDEX token_offer_transaction ON token_offer (transaction_id);

CREATE TABLE throttle (
  key text PRIMARY KEY,
  spent integer NOT NULL,
  next_at bigint NOT NULL,
  forget_at bigint NOT NULL
);
CREATE INDEX throttle_forget ON throttle (forget_at);

CREATE TABLE known_address (
  username_key text NOT NULL,
  place text NOT NULL,
  seen_at bigint NOT NULL,
  PRIMARY KEY (username_key, place)
);
CREATE INDEX known_address_seen ON known_address (seen_at);

CREATE TABLE service_account (
  name text PRIMARY KEY,
  password_hash text NOT NULL,
  set_at bigint NOT NULL
);

CREATE TABLE lease (
  name text PRIMARY KEY,
  holder text NOT NULL,
  ends_at bigint NOT NULL
);
