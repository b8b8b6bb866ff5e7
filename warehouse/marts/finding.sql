-- One row per breach of a rule, in the order of expectations/: by file, errors first, then as the form goes.
-- `replaced`: of a file that counts, another one of its unit now gives what the finding is about; of one that does not,
-- the unit has since sent one that counts, unless what it is about still stands as a file before it had it.
WITH file AS (          -- of units with more than one file: all others have nothing that could be replaced
  SELECT submission_id, unit_code, status, row_number() OVER (ORDER BY received_at, file_name, submission_id) AS turn
  FROM submission
  QUALIFY count(*) OVER (PARTITION BY unit_code) > 1
),
latest AS (
  SELECT unit_code, max(turn) AS turn FROM file WHERE status = 'accepted' GROUP BY unit_code
),
gives AS (              -- which file gives each table, and each key of info and text
  SELECT counted.unit_code, section, '' AS field, turn
  FROM work.counted_section AS counted JOIN file USING (submission_id)
  UNION ALL
  SELECT pair.unit_code, section, field, turn
  FROM pair_value AS pair JOIN file USING (submission_id)
)
SELECT finding.submission_id, rule, severity, finding.section, row_name, finding.field, value, sheet, cell, message,
       decision_id,
       coalesce(latest.turn > file.turn AND CASE
         WHEN file.status <> 'accepted' THEN coalesce(gives.turn > file.turn, finding.section IS NOT NULL
                OR NOT EXISTS (FROM gives AS old WHERE old.unit_code = file.unit_code AND old.turn < file.turn))
         ELSE coalesce(gives.turn <> file.turn, NOT EXISTS (FROM gives AS own WHERE own.turn = file.turn))
       END, false) AS replaced
FROM work.finding AS finding
LEFT JOIN file USING (submission_id)
LEFT JOIN latest USING (unit_code)
LEFT JOIN gives
  ON gives.unit_code = file.unit_code AND gives.section = finding.section
 AND gives.field = CASE WHEN finding.section IN (
       {%- for section in form.tables %}'{{ section.key }}'{{ ", " if not loop.last }}{% endfor %}) THEN ''
     ELSE finding.field END
ORDER BY finding.rowid
