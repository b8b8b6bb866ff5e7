-- The files that decide how far a unit is: of one that counts the first accepted, which says whether it came in time, and
-- the latest, whose values count; of one that was returned all that came; of one that is missing none.
SELECT file.*
FROM submission AS file
JOIN unit_status AS unit ON unit.unit_code = file.unit_code
QUALIFY CASE unit.status
  WHEN 'accepted' THEN file.status = 'accepted' AND (
    file.submission_id = unit.submission_id OR 1 = row_number() OVER (
      PARTITION BY file.unit_code, file.status ORDER BY file.received_at, file.file_name, file.submission_id))
  ELSE file.status IN ('returned', 'rejected') AND NOT coalesce(file.set_aside, false) END
