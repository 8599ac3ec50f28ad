-- What a run tells of people by name, as JSON in the shape of the contract; of the newest runs that had something to tell.
ALTER TABLE sync_run ADD COLUMN findings text;
CREATE INDEX sync_run_told ON sync_run (began_at) WHERE findings IS NOT NULL;
