-- Calls to phones: what each is about, how far it is, and which callback of its provider it waits for.
CREATE TABLE phone_call (
  id text PRIMARY KEY,
  prompt_id text NOT NULL REFERENCES prompt (id) ON DELETE CASCADE,
  user_id text NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  leg text NOT NULL CHECK (leg IN ('primary', 'backup')),
  -- E.164.
  phone text NOT NULL,
  extension text,
  delivery_id text NOT NULL,
  -- JSON.
  state text NOT NULL,
  awaits integer NOT NULL,
  provider_id text,
  created_at bigint NOT NULL,
  ended_at bigint
);
CREATE INDEX phone_call_prompt ON phone_call (prompt_id, created_at, id);
CREATE INDEX phone_call_user ON phone_call (user_id, created_at);
