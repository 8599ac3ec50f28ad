-- Notices of one kind to one recipient are paced. What comes too often is one message at the end of the wait: `tells`
-- is of how many events it tells.
ALTER TABLE delivery ADD COLUMN pace_key text;
ALTER TABLE delivery ADD COLUMN tells bigint;

CREATE INDEX delivery_pace ON delivery (pace_key, created_at) WHERE pace_key IS NOT NULL;
