-- As 0003-audit.sql; the type of the sequence and the language of triggers differ.
CREATE TABLE audit (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
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

CREATE FUNCTION audit_refuses() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit log is append-only';
END
$$;

CREATE TRIGGER audit_keeps BEFORE DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_refuses();

CREATE TRIGGER audit_stands BEFORE UPDATE ON audit FOR EACH ROW
WHEN (OLD.position IS NOT NULL OR NEW.position IS NULL OR NEW.hash IS NULL
  OR (NEW.seq, NEW.id, NEW.at, NEW.what, NEW.user_id, NEW.address, NEW.user_agent, NEW.facts)
     IS DISTINCT FROM (OLD.seq, OLD.id, OLD.at, OLD.what, OLD.user_id, OLD.address, OLD.user_agent, OLD.facts))
EXECUTE FUNCTION audit_refuses();

CREATE TRIGGER audit_whole BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_refuses();
