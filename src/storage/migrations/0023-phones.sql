-- A second phone to call, extensions behind switchboards, and accounts that are blocked after a report of fraud.
ALTER TABLE users ADD COLUMN phone_extension text;
ALTER TABLE users ADD COLUMN backup_phone text;
ALTER TABLE users ADD COLUMN backup_extension text;
ALTER TABLE users ADD COLUMN blocked_until bigint;
