-- How each person answers by a method, where it differs from the settings.
ALTER TABLE users ADD COLUMN call_mode text;
ALTER TABLE users ADD COLUMN text_mode text;
ALTER TABLE users ADD COLUMN app_mode text;
ALTER TABLE users ADD COLUMN oath_mode text;
