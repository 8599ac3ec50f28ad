-- What is over is found by its time (src/core/housekeeping/sweep.ts).
CREATE INDEX token_offer_expires ON token_offer (expires_at);
CREATE INDEX delivery_ended ON delivery (ended_at) WHERE ended_at IS NOT NULL;

-- A checkpoint is signed once.
CREATE TRIGGER audit_checkpoint_keeps BEFORE DELETE ON audit_checkpoint
BEGIN
  SELECT RAISE(ABORT, 'the audit log is append-only');
END;

CREATE TRIGGER audit_checkpoint_stands BEFORE UPDATE ON audit_checkpoint
BEGIN
  SELECT RAISE(ABORT, 'the audit log is append-only');
END;
