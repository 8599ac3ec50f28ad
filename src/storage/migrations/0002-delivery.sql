-- Messages on their way. Written in the unit of work that a message belongs to, so that neither is without the other.
CREATE TABLE delivery (
  id text PRIMARY KEY,
  kind text NOT NULL,
  recipient text NOT NULL,
  -- Empty once it has ended: a code is not kept.
  sealed_body text NOT NULL,
  state text NOT NULL CHECK (state IN ('queued', 'sent', 'failed', 'expired')),
  attempts bigint NOT NULL,
  next_at bigint NOT NULL,
  deadline bigint NOT NULL,
  claimed_until bigint,
  provider text,
  created_at bigint NOT NULL,
  ended_at bigint,
  CHECK ((state = 'queued') = (ended_at IS NULL)),
  CHECK (state = 'queued' OR sealed_body = '')
);

CREATE INDEX delivery_due ON delivery (next_at) WHERE state = 'queued';
CREATE INDEX delivery_deadline ON delivery (deadline) WHERE state = 'queued';
