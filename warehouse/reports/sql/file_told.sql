-- One row per file that is no duplicate. `replaced`: a later accepted file of the unit stands in its place, so that
-- what is wrong in it need not be mended any more.
CREATE OR REPLACE TEMP VIEW file_told AS
SELECT file.*,
       coalesce(unit.status = 'accepted' AND file.status <> 'accepted' AND file.received_at <= unit.received_at,
                false) AS replaced
FROM submission AS file
LEFT JOIN unit_status AS unit USING (unit_code)
WHERE file.status <> 'duplicate'
