-- Passkeys (WebAuthn), and what was asked of their holders and not answered yet.
CREATE TABLE passkey (
  id text PRIMARY KEY,
  user_id text NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  credential_id text NOT NULL UNIQUE,
  public_key text NOT NULL,
  counter bigint NOT NULL,
  transports text NOT NULL,
  name text NOT NULL,
  aaguid text NOT NULL,
  backup text NOT NULL CHECK (backup IN ('none', 'possible', 'done')),
  added_at bigint NOT NULL,
  used_at bigint
);
CREATE INDEX passkey_of_user ON passkey (user_id, added_at, id);

CREATE TABLE passkey_challenge (
  id text PRIMARY KEY,
  purpose text NOT NULL CHECK (purpose IN ('register', 'second-step', 'sign-in')),
  transaction_id text NOT NULL,
  -- Nobody's while somebody signs in with a passkey alone.
  user_id text REFERENCES users (id) ON DELETE CASCADE,
  challenge text NOT NULL,
  expires_at bigint NOT NULL,
  UNIQUE (transaction_id, purpose),
  CHECK ((purpose = 'sign-in') = (user_id IS NULL))
);
CREATE INDEX passkey_challenge_user ON passkey_challenge (user_id);
CREATE INDEX passkey_challenge_expires ON passkey_challenge (expires_at);
