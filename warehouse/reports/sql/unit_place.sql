-- The units in the order of the registry, named as the night named them.
CREATE OR REPLACE TEMP TABLE unit_place AS
SELECT unit_code, rowid AS place, unit_name AS name FROM unit_status
