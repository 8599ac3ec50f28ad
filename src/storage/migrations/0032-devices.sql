-- Devices of people on which the mobile app was activated, the codes that activate them, and what they are asked.
CREATE TABLE device (
  id text PRIMARY KEY,
  user_id text NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  -- The User Setup that it was activated in, until that is finished: it counts for nothing else.
  setup_id text,
  name text NOT NULL,
  platform text NOT NULL,
  public_key text NOT NULL,
  sealed_push text,
  -- In User Setup: of its own codes, which are an OATH token once that is finished.
  sealed_seed text,
  signed_at bigint NOT NULL,
  added_at bigint NOT NULL,
  seen_at bigint NOT NULL,
  used_at bigint
);
CREATE INDEX device_of_user ON device (user_id, added_at, id);
CREATE UNIQUE INDEX device_of_setup ON device (setup_id) WHERE setup_id IS NOT NULL;
CREATE INDEX device_unsettled ON device (added_at) WHERE setup_id IS NOT NULL;

CREATE TABLE activation (
  id text PRIMARY KEY,
  finder text NOT NULL UNIQUE,
  user_id text NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  transaction_id text NOT NULL UNIQUE,
  setup integer NOT NULL,
  -- Emptied once it was used.
  sealed_code text NOT NULL,
  attempts_left integer NOT NULL,
  replaces text,
  expires_at bigint NOT NULL,
  device_id text,
  used_at bigint
);
CREATE INDEX activation_user ON activation (user_id);
CREATE INDEX activation_expires ON activation (expires_at);

CREATE TABLE app_ask (
  prompt_id text PRIMARY KEY REFERENCES prompt (id) ON DELETE CASCADE,
  challenge text NOT NULL,
  wants_number integer NOT NULL,
  purpose text NOT NULL,
  address text,
  user_agent text,
  device_id text
);

-- The keys that this server shows to push services (RFC 8292). There is one.
CREATE TABLE push_key (
  name text PRIMARY KEY,
  public_key text NOT NULL,
  sealed_private_key text NOT NULL,
  created_at bigint NOT NULL
);
