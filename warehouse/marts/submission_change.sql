-- One row per value that a later accepted file of a unit changed. Of a table a file's rows are held against those of
-- the unit's accepted file before it that has any, row by row by the section's key as the batches compare it; of `info`
-- and `text` a value against the one that counted until then. A blank place replaces no value, and so changes none.
WITH accepted AS (      -- of units with more than one accepted file: all others have nothing to compare
  SELECT unit_code, submission_id, sha256,
         row_number() OVER (PARTITION BY unit_code ORDER BY received_at, file_name, submission_id) AS turn
  FROM submission
  WHERE status = 'accepted'
  QUALIFY count(*) OVER (PARTITION BY unit_code) > 1
),
place AS MATERIALIZED ( -- where a file tells a value twice, the place that counts, as in pair_value
  SELECT unit_code, submission_id, turn, section, row, field,
         arg_min(struct_pack(value := fact.value, blank := fact.raw = '', sheet := fact.sheet, cell := fact.cell),
                 (fact.value IS NULL, fact.raw = '', fact.sheet, length(fact.cell), fact.cell)) AS told
  FROM work.fact AS fact
  JOIN accepted USING (sha256)
  GROUP BY unit_code, submission_id, turn, section, row, field
),
row_value AS (
  {%- for section in form.tables %}
  {{ "UNION ALL" if not loop.first }}
  SELECT unit_code, submission_id, turn, '{{ section.key }}' AS section, row, row_name, row_key, again,
         unnest([
           {%- for field in section.fields %}
           struct_pack(field := '{{ field.key }}', value := CAST({{ field.column_name }} AS VARCHAR))
           {{- "," if not loop.last }}
           {%- endfor %}], recursive := true)
  FROM (
    SELECT rows.* EXCLUDE (unit_code), accepted.unit_code, turn, {{ name_of_row(section, "rows") }} AS row_name,
           chk_row_key AS row_key,
           row_number() OVER (PARTITION BY rows.submission_id, chk_row_key ORDER BY row) AS again
    FROM work.batch_{{ section.key }} AS rows
    JOIN accepted ON accepted.submission_id = rows.submission_id
  )
  {%- endfor %}
),
follows AS (            -- of each file with rows in a section, the one before it that has any
  SELECT section, submission_id AS new_submission_id, lag(submission_id) OVER file AS old_submission_id
  FROM (SELECT DISTINCT unit_code, submission_id, turn, section FROM row_value)
  WINDOW file AS (PARTITION BY unit_code, section ORDER BY turn)
  QUALIFY old_submission_id IS NOT NULL
),
row_change AS (
  SELECT unit_code, section, coalesce(new.row_name, old.row_name) AS row_name, field,
         old_submission_id, new_submission_id, old.value AS old_value, new.value AS new_value,
         old.row AS old_row, new.row AS new_row
  FROM (
    FROM row_value JOIN follows USING (section) WHERE submission_id = new_submission_id AND value IS NOT NULL) AS new
  FULL JOIN (
    FROM row_value JOIN follows USING (section) WHERE submission_id = old_submission_id AND value IS NOT NULL) AS old
    USING (unit_code, section, old_submission_id, new_submission_id, row_key, again, field)
  WHERE old.value IS DISTINCT FROM new.value
),
pair_counted AS (       -- the values that count in their turn: a blank place only as long as nothing else was told
  SELECT *
  FROM place
  WHERE told.value IS NOT NULL
    AND (section, field) IN ({% for section, field in pairs %}('{{ section }}', '{{ field.key }}')
                             {{- ", " if not loop.last }}{% endfor %})
  QUALIFY NOT told.blank
       OR bool_and(told.blank) OVER (PARTITION BY unit_code, section, field ORDER BY turn)
),
pair_change AS (        -- what the unit's file before it left out was not known until then
  SELECT pair.unit_code, pair.section, pair.field, pair.submission_id AS new_submission_id, pair.told AS new_told,
         lag(pair.told) OVER key AS old_told,
         coalesce(lag(pair.submission_id) OVER key, earlier.submission_id) AS old_submission_id
  FROM pair_counted AS pair
  ASOF LEFT JOIN (
    SELECT DISTINCT unit_code, section, turn, submission_id FROM pair_counted WHERE NOT told.blank) AS earlier
    ON earlier.unit_code = pair.unit_code AND earlier.section = pair.section AND earlier.turn < pair.turn
  WINDOW key AS (PARTITION BY pair.unit_code, pair.section, pair.field ORDER BY pair.turn)
)
SELECT change.unit_code, change.section, change.row_name, change.field,
       change.old_submission_id, change.new_submission_id, old_value, new_value,
       old.told.sheet AS old_sheet, old.told.cell AS old_cell, new.told.sheet AS new_sheet, new.told.cell AS new_cell
FROM row_change AS change
LEFT JOIN place AS old
  ON old.submission_id = change.old_submission_id AND old.section = change.section AND old.row = change.old_row
 AND old.field = change.field
LEFT JOIN place AS new
  ON new.submission_id = change.new_submission_id AND new.section = change.section AND new.row = change.new_row
 AND new.field = change.field
UNION ALL
SELECT unit_code, section, NULL, field, old_submission_id, new_submission_id, old_told.value, new_told.value,
       old_told.sheet, old_told.cell, new_told.sheet, new_told.cell
FROM pair_change
WHERE old_submission_id IS NOT NULL AND old_told.value IS DISTINCT FROM new_told.value
ORDER BY ALL
