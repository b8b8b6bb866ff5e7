-- The files that decide a unit's status. If it is accepted: the first accepted file, which decides whether it came in time,
-- and the latest, whose values count. If it is returned: all files. If it is missing: none.
SELECT file.*
FROM submission AS file
JOIN unit_status AS unit ON unit.unit_code = file.unit_code
QUALIFY CASE unit.status
  WHEN 'accepted' THEN file.status = 'accepted' AND (
    file.submission_id = unit.submission_id OR 1 = row_number() OVER (
      PARTITION BY file.unit_code, file.status ORDER BY file.received_at, file.file_name, file.submission_id))
  ELSE file.status IN ('returned', 'rejected') AND NOT coalesce(file.set_aside, false) END
