-- Which people are imported from the directory, how that went, and who waits to be disabled or removed.
CREATE TABLE sync_item (
  id text PRIMARY KEY,
  name text NOT NULL UNIQUE,
  -- The lowest goes first: a person of several is the first one's.
  position integer NOT NULL,
  -- JSON, in the shapes of the contract.
  scope text NOT NULL,
  rules text NOT NULL,
  -- Counts the changes of the item: where a reading ended says nothing once its scope is another.
  revision integer NOT NULL DEFAULT 0,
  read_to text,
  read_whole_at bigint,
  -- JSON, ids of people in the directory: to be looked at again, or only when the directory has changed them.
  again text NOT NULL DEFAULT '[]',
  set_aside text NOT NULL DEFAULT '[]'
);
CREATE INDEX sync_item_order ON sync_item (position, id);

CREATE TABLE sync_run (
  id text PRIMARY KEY,
  begun_by text NOT NULL,
  began_at bigint NOT NULL,
  ended_at bigint,
  whole integer NOT NULL,
  outcome text,
  counts text NOT NULL,
  error text
);
CREATE INDEX sync_run_began ON sync_run (began_at);
CREATE INDEX sync_run_open ON sync_run (id) WHERE ended_at IS NULL;

-- Who would be disabled or removed, and what an administrator said to it. One list waits at most.
CREATE TABLE sync_waiting (
  id text PRIMARY KEY,
  made_at bigint NOT NULL,
  state text NOT NULL CHECK (state IN ('waiting', 'approved', 'rejected'))
);
CREATE TABLE sync_loss (
  user_id text PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
  list_id text NOT NULL REFERENCES sync_waiting (id) ON DELETE CASCADE,
  fate text NOT NULL CHECK (fate IN ('disable', 'remove')),
  why text NOT NULL CHECK (why IN ('disabled there', 'gone'))
);
CREATE INDEX sync_loss_list ON sync_loss (list_id, user_id);

ALTER TABLE users ADD COLUMN sync_item text;
-- Why a synchronisation has disabled somebody, who then comes back by it too. Empty where somebody else did.
ALTER TABLE users ADD COLUMN disabled_why text;
ALTER TABLE users ADD COLUMN first_name text;
ALTER TABLE users ADD COLUMN last_name text;
ALTER TABLE users ADD COLUMN description text;
ALTER TABLE users ADD COLUMN user_group text;
CREATE INDEX users_of_item ON users (sync_item, id) WHERE sync_item IS NOT NULL;
