-- One row per file that is no duplicate, in the order of receipt, with its findings counted; `to_fix`: the errors in
-- values that no later file replaced.
WITH counted AS (
  SELECT submission_id,
         count(*) FILTER (WHERE severity = 'error') AS errors,
         count(*) FILTER (WHERE severity <> 'error') AS warnings,
         count(*) FILTER (WHERE severity = 'error' AND NOT replaced) AS to_fix
  FROM reported_finding
  GROUP BY submission_id
)
SELECT submission_id, unit_code, file_name, timezone($zone, received_at) AS received, status,
       coalesce(left(reason, $longest), '') AS reason, replaced,
       coalesce(errors, 0) AS errors, coalesce(warnings, 0) AS warnings,
       CASE WHEN set_aside THEN 0 ELSE coalesce(to_fix, 0) END AS to_fix, coalesce(set_aside, false) AS set_aside
FROM reported_file
LEFT JOIN counted USING (submission_id)
ORDER BY received_at, file_name, submission_id
