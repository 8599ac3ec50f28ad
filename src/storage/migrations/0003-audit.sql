-- The log is written in the transaction of what it records, and chained a moment later by one node at a time
-- (docs/decisions/0004-audit-chain.md). Nothing in it is changed or removed, but for the chaining of a row, once.
CREATE TABLE audit (
  seq integer PRIMARY KEY AUTOINCREMENT,
  id text NOT NULL UNIQUE,
  at bigint NOT NULL,
  what text NOT NULL,
  user_id text,
  address text,
  user_agent text,
  facts text,
  position bigint UNIQUE,
  hash text
);
CREATE INDEX audit_user ON audit (user_id, seq);
CREATE INDEX audit_unsealed ON audit (seq) WHERE position IS NULL;

CREATE TABLE audit_checkpoint (
  position bigint PRIMARY KEY,
  hash text NOT NULL,
  mac text NOT NULL,
  at bigint NOT NULL
);

CREATE TRIGGER audit_keeps BEFORE DELETE ON audit
BEGIN
  SELECT RAISE(ABORT, 'the audit log is append-only');
END;

CREATE TRIGGER audit_stands BEFORE UPDATE ON audit
WHEN OLD.position IS NOT NULL OR NEW.position IS NULL OR NEW.hash IS NULL
  OR NEW.seq IS NOT OLD.seq OR NEW.id IS NOT OLD.id OR NEW.at IS NOT OLD.at OR NEW.what IS NOT OLD.what
  OR NEW.user_id IS NOT OLD.user_id OR NEW.address IS NOT OLD.address OR NEW.user_agent IS NOT OLD.user_agent
  OR NEW.facts IS NOT OLD.facts
BEGIN
  SELECT RAISE(ABORT, 'the audit log is append-only');
END;
