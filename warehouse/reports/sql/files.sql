-- One row per file that is no duplicate, in the order of receipt, with its findings counted.
WITH counted AS (
  SELECT submission_id,
         count(*) FILTER (WHERE severity = 'error') AS errors,
         count(*) FILTER (WHERE severity <> 'error') AS warnings
  FROM finding_told
  GROUP BY submission_id
)
SELECT submission_id, unit_code, file_name, timezone($zone, received_at) AS received, status,
       coalesce(left(reason, $longest), '') AS reason, replaced,
       coalesce(errors, 0) AS errors, coalesce(warnings, 0) AS warnings, set_aside
FROM file_told
LEFT JOIN counted USING (submission_id)
ORDER BY received_at, file_name, submission_id
