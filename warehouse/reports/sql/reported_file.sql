-- One row per file that is no duplicate. `replaced`: it does not count, and a later accepted file of the unit stands in
-- its place, so that what is wrong in it need not be corrected any more.
CREATE OR REPLACE TEMP VIEW file_told AS
SELECT file.*, file.status <> 'accepted' AND coalesce(error.replaced, false) AS replaced
FROM submission AS file
LEFT JOIN (
  SELECT submission_id, bool_and(finding.replaced) AS replaced
  FROM finding
  WHERE severity = 'error'
  GROUP BY submission_id
) AS error USING (submission_id)
WHERE file.status <> 'duplicate';

-- The findings with something to correct or to know: all but those of an accepted file on what another one now gives.
CREATE OR REPLACE TEMP VIEW finding_told AS
FROM finding
WHERE NOT replaced OR submission_id NOT IN (SELECT submission_id FROM submission WHERE status = 'accepted')
