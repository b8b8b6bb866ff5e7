-- One row per breach of a rule, in the order of expectations/: by file, errors first, then as the form goes.
-- `replaced`: of a file that counts, another one of its unit now gives what the finding is about; of one that does not,
-- the unit has since sent one that counts, unless what it is about still stands as a file before it had it. A file that
-- came late, the older one by its own date, is replaced by the file that stands.
-- `counted`: what every number of errors or warnings counts, in terminal, page and report alike.
WITH file AS (          -- of units with more than one file: all others have nothing that could be replaced
  SELECT submission_id, submission.unit_code, status, coalesce(set_back LIKE 'older%', false) AS is_older,
         row_number() OVER (ORDER BY received_at, file_name, submission_id) AS turn
  FROM submission
  LEFT JOIN work.file_turn USING (submission_id)
  QUALIFY count(*) OVER (PARTITION BY submission.unit_code) > 1
),
latest AS (
  SELECT unit_code, max(turn) AS turn FROM file WHERE status = 'accepted' GROUP BY unit_code
),
gives AS (              -- which files give each table, and which each key of info and text
  SELECT counted.unit_code, section, '' AS field, list(turn) AS turns
  FROM work.counted_section AS counted JOIN file USING (submission_id)
  GROUP BY counted.unit_code, section
  UNION ALL
  SELECT pair.unit_code, section, field, [turn]
  FROM pair_value AS pair JOIN file USING (submission_id)
),
combined AS (           -- of tables from several files, which file gives each field of each row
  SELECT value.unit_code, value.section, named.row_name, value.field, max(turn) AS turn
  FROM work.combined_value AS value
  JOIN file USING (submission_id)
  JOIN (
    {%- for section in form.tables %}
    {% if not loop.first %}UNION ALL{% endif %}
    SELECT unit_code, {{ section.key | literal }} AS section, place, {{ name_of_row(section, "rows", "work.unit") | sql }} AS row_name
    FROM work.{{ ("combined_" ~ section.key) | identifier }} AS rows
    {%- endfor %}
  ) AS named ON named.unit_code = value.unit_code AND named.section = value.section AND named.place = value.place
  GROUP BY value.unit_code, value.section, named.row_name, value.field
),
row_gives AS (
  SELECT unit_code, section, row_name, list(turn) AS row_turns, map(list(field), list(turn)) AS field_turns
  FROM combined
  GROUP BY unit_code, section, row_name
),
found AS (
  SELECT finding.submission_id, rule, severity, finding.section, finding.row_name, finding.field, value, sheet, cell, message,
         decision_id,
         coalesce((latest.turn > file.turn OR is_older) AND CASE
           WHEN file.status <> 'accepted' THEN coalesce(list_max(gives.turns) > file.turn, finding.section IS NOT NULL
                  OR NOT EXISTS (FROM gives AS old WHERE old.unit_code = file.unit_code AND list_min(old.turns) < file.turn))
           WHEN rule IN ('rows_missing_in_later_file', 'later_file_set_back')
             THEN list_min(gives.turns) > file.turn OR coalesce(list_max(row_gives.row_turns) > file.turn, false)
           WHEN row_gives.row_name IS NOT NULL AND list_contains(gives.turns, file.turn)
             THEN coalesce(row_gives.field_turns[finding.field] <> file.turn,
                           NOT list_contains(row_gives.row_turns, file.turn))
           ELSE coalesce(NOT list_contains(gives.turns, file.turn),
                         NOT EXISTS (FROM gives AS own WHERE list_contains(own.turns, file.turn)))
         END, false) AS replaced,
         finding.rowid AS place
  FROM work.finding AS finding
  LEFT JOIN file USING (submission_id)
  LEFT JOIN latest USING (unit_code)
  LEFT JOIN gives
    ON gives.unit_code = file.unit_code AND gives.section = finding.section
   AND gives.field = CASE WHEN finding.section IN ({{ form.tables | map(attribute="key") | literals }}) THEN ''
       ELSE finding.field END
  LEFT JOIN row_gives
    ON row_gives.unit_code = file.unit_code AND row_gives.section = finding.section
   AND row_gives.row_name = finding.row_name
)
SELECT found.* EXCLUDE (place), submission.unit_code,
       CASE WHEN rule IN ({{ meeting_rules | literals }}) THEN 'meeting' ELSE 'report' END AS about,
       coalesce(NOT replaced AND NOT set_aside AND (severity = 'error' OR status = 'accepted'), false) AS counted
FROM found
LEFT JOIN submission USING (submission_id)
ORDER BY place
