-- One row per file that is no duplicate, in the order of receipt: how many findings it has, and of them the errors and
-- warnings that are counted (`finding.counted`).
WITH found AS (
  SELECT submission_id,
         count(*) AS findings,
         count(*) FILTER (WHERE severity = 'error' AND counted) AS errors,
         count(*) FILTER (WHERE severity = 'warning' AND counted) AS warnings
  FROM reported_finding
  GROUP BY submission_id
)
SELECT submission_id, unit_code, file_name, timezone($zone, received_at) AS received, status,
       coalesce(left(reason, $longest), '') AS reason, replaced,
       coalesce(findings, 0) AS findings, coalesce(errors, 0) AS errors, coalesce(warnings, 0) AS warnings,
       coalesce(set_aside, false) AS set_aside
FROM reported_file
LEFT JOIN found USING (submission_id)
ORDER BY received_at, file_name, submission_id
