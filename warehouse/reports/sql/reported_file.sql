-- One row per file that is no duplicate. `replaced`: it does not count, and a later accepted file of the unit took its
-- place, so that nothing in it needs to be corrected any more.
CREATE OR REPLACE TEMP VIEW reported_file AS
SELECT file.*, file.status <> 'accepted' AND coalesce(error.replaced, false) AS replaced
FROM submission AS file
LEFT JOIN (
  SELECT submission_id, bool_and(finding.replaced) AS replaced
  FROM finding
  WHERE severity = 'error'
  GROUP BY submission_id
) AS error USING (submission_id)
WHERE file.status <> 'duplicate';

-- All findings, except those of an accepted file about values that another file now gives.
CREATE OR REPLACE TEMP VIEW reported_finding AS
FROM finding
WHERE NOT replaced OR submission_id NOT IN (SELECT submission_id FROM submission WHERE status = 'accepted')
