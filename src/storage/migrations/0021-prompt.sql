-- A second step that is answered elsewhere than on the page: on a phone that rings, in a text that is replied to, in an app.
CREATE TABLE prompt (
  id text PRIMARY KEY,
  user_id text NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  transaction_id text NOT NULL,
  purpose text NOT NULL,
  method text NOT NULL,
  mode text NOT NULL,
  -- E.164, or empty where the method finds its own way.
  phone text NOT NULL,
  -- Shown on the page, and asked for at the other end where the mode says so.
  number text NOT NULL,
  state text NOT NULL,
  outcome text,
  created_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  settled_at bigint
);
CREATE INDEX prompt_user ON prompt (user_id, state);
CREATE INDEX prompt_transaction ON prompt (transaction_id, purpose, created_at);
CREATE INDEX prompt_expires ON prompt (expires_at);
