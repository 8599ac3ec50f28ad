-- As 0004-housekeeping.sql; the language of triggers differs.
CREATE INDEX token_offer_expires ON token_offer (expires_at);
CREATE INDEX delivery_ended ON delivery (ended_at) WHERE ended_at IS NOT NULL;

CREATE TRIGGER audit_checkpoint_stands BEFORE UPDATE OR DELETE ON audit_checkpoint
FOR EACH ROW EXECUTE FUNCTION audit_refuses();

CREATE TRIGGER audit_checkpoint_whole BEFORE TRUNCATE ON audit_checkpoint
FOR EACH STATEMENT EXECUTE FUNCTION audit_refuses();
