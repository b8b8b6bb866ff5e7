-- One row per unit of the registry: how well it reports. What it reports of the meetings takes nothing from its score.
WITH sent AS (
  SELECT unit_code, count(*) AS files_sent,
         count(*) FILTER (WHERE status IN ('returned', 'rejected')) AS files_returned
  FROM submission
  WHERE status <> 'duplicate' AND NOT set_aside
  GROUP BY unit_code
),
found AS (
  SELECT unit_code, count(*) FILTER (WHERE severity = 'error') AS errors,
         count(*) FILTER (WHERE severity = 'warning' AND about = 'report') AS warnings,
         count(*) FILTER (WHERE severity = 'warning' AND about = 'meeting') AS meeting_warnings
  FROM finding
  WHERE counted
  GROUP BY unit_code
)
SELECT unit_code, coalesce(sent.files_sent, 0) AS files_sent, coalesce(sent.files_returned, 0) AS files_returned,
       coalesce(found.errors, 0) AS errors, coalesce(found.warnings, 0) AS warnings,
       coalesce(found.meeting_warnings, 0) AS meeting_warnings,
       CASE WHEN sent.files_sent > 0
            THEN greatest(0, 100 - 20 * sent.files_returned - 5 * coalesce(found.errors, 0) - coalesce(found.warnings, 0))
       END AS score
FROM unit_status
LEFT JOIN sent USING (unit_code)
LEFT JOIN found USING (unit_code)
ORDER BY unit_status.rowid
