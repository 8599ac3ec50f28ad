-- Whoever adds or changes an item looks at what would come of it before it comes by itself.
ALTER TABLE sync_item ADD COLUMN changed_at bigint NOT NULL DEFAULT 0;
-- What went wrong, for whoever puts it right: which item, which server.
ALTER TABLE sync_run ADD COLUMN detail text;
