-- The language of what is said by each method, where it differs from the person's own.
ALTER TABLE users ADD COLUMN call_language text;
ALTER TABLE users ADD COLUMN text_language text;
ALTER TABLE users ADD COLUMN app_language text;
ALTER TABLE users ADD COLUMN oath_language text;
