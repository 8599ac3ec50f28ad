-- What an import says of the second step of somebody who has none yet: which one User Setup asks for, and (JSON) how it is
-- answered. The modes stand in their own columns too; these tell what the import has set there from what an operator has.
ALTER TABLE users ADD COLUMN preset_method text;
ALTER TABLE users ADD COLUMN preset_modes text;
