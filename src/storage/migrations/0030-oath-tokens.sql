-- A person may have several OATH tokens, by time and by counter. Hardware tokens are nobody's until they are assigned.
CREATE TABLE oath_token_next (
  id text PRIMARY KEY,
  user_id text REFERENCES users (id) ON DELETE CASCADE,
  -- app: an authenticator app, or a secret of the person's own; device: belongs to a device that runs our app.
  origin text NOT NULL CHECK (origin IN ('app', 'hardware', 'device')),
  device_id text UNIQUE,
  kind text NOT NULL CHECK (kind IN ('totp', 'hotp')),
  serial text,
  -- Empty where its maker is not known, so that the serial number alone is unique then.
  manufacturer text NOT NULL DEFAULT '',
  model text,
  sealed_secret text NOT NULL,
  algorithm text NOT NULL,
  digits integer NOT NULL,
  -- Seconds in a step, and by how many steps the token's clock is ahead of ours; by time only.
  period integer,
  drift integer NOT NULL DEFAULT 0,
  -- The newest step or counter that was accepted; -1 before the first.
  last_spent bigint NOT NULL,
  starts_at bigint,
  expires_at bigint,
  -- Since when it is where it is now: on the account, or, while it is nobody's, here.
  added_at bigint NOT NULL,
  used_at bigint,
  revoked_at bigint,
  UNIQUE (serial, manufacturer),
  CHECK (origin = 'hardware' OR user_id IS NOT NULL),
  CHECK (origin <> 'hardware' OR serial IS NOT NULL),
  CHECK ((origin = 'device') = (device_id IS NOT NULL)),
  CHECK ((kind = 'totp') = (period IS NOT NULL))
);
INSERT INTO oath_token_next (id, user_id, origin, kind, sealed_secret, algorithm, digits, period, last_spent, added_at, used_at)
SELECT id, user_id, 'app', 'totp', sealed_secret, algorithm, digits, period, last_step, added_at, used_at FROM oath_token;
DROP TABLE oath_token;
ALTER TABLE oath_token_next RENAME TO oath_token;
CREATE INDEX oath_token_of_user ON oath_token (user_id, added_at, id) WHERE user_id IS NOT NULL;
CREATE UNIQUE INDEX oath_token_app ON oath_token (user_id) WHERE origin = 'app';
CREATE INDEX oath_token_hardware ON oath_token (id) WHERE origin = 'hardware';
CREATE INDEX oath_token_unassigned ON oath_token (id) WHERE user_id IS NULL;

-- Offers live for a quarter of an hour; whoever is just proving one begins anew.
DROP TABLE token_offer;
CREATE TABLE token_offer (
  id text PRIMARY KEY,
  user_id text NOT NULL UNIQUE REFERENCES users (id) ON DELETE CASCADE,
  transaction_id text NOT NULL,
  -- Whether we made the secret, and show it, or the person entered it.
  made_by text NOT NULL CHECK (made_by IN ('us', 'person')),
  kind text NOT NULL CHECK (kind IN ('totp', 'hotp')),
  sealed_secret text NOT NULL,
  algorithm text NOT NULL,
  digits integer NOT NULL,
  period integer,
  -- The counter before the next one; none where the person does not know it.
  last_spent bigint,
  attempts_left integer NOT NULL,
  expires_at bigint NOT NULL,
  CHECK ((kind = 'totp') = (period IS NOT NULL))
);
CREATE INDEX token_offer_transaction ON token_offer (transaction_id);
CREATE INDEX token_offer_expires ON token_offer (expires_at);

-- A session that the OATH token opened in place of the person's own method ends sooner.
ALTER TABLE session ADD COLUMN fallback_at bigint;
