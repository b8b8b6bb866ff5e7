-- One row per value that a later accepted file of a unit changed. Of a table what counts since the file is held against
-- what counted until then, row by row; of `info` and `text` a value against the one that counted until then. A blank
-- place replaces no value, and so changes none; nor does a file that is set back change what stands.
WITH accepted AS (      -- of units with more than one accepted file: all others have nothing to compare
  SELECT submission.unit_code, submission_id, sha256, turn, set_back
  FROM submission
  JOIN work.file_turn USING (submission_id)
),
place AS MATERIALIZED ( -- where a file tells a value twice, the place that counts, as in pair_value
  SELECT unit_code, submission_id, turn, set_back, section, row, field,
         arg_min(struct_pack(value := fact.value, blank := fact.raw = '', sheet := fact.sheet, cell := fact.cell),
                 (fact.value IS NULL, fact.raw = '', fact.sheet, length(fact.cell), fact.cell)) AS told
  FROM work.fact AS fact
  JOIN accepted USING (sha256)
  GROUP BY unit_code, submission_id, turn, set_back, section, row, field
),
row_value AS (
  {%- for section in form.tables %}
  {% if not loop.first %}UNION ALL{% endif %}
  SELECT submission_id, {{ section.key | literal }} AS section, row, row_name,
         unnest([
           {%- for field in section.fields %}
           struct_pack(field := {{ field.key | literal }}, value := CAST({{ field.column_name | identifier }} AS VARCHAR))
           {%- if not loop.last %},{% endif %}
           {%- endfor %}], recursive := true)
  FROM (
    SELECT rows.*, {{ name_of_row(section, "rows") | sql }} AS row_name
    FROM work.{{ ("batch_" ~ section.key) | identifier }} AS rows
    SEMI JOIN accepted ON accepted.submission_id = rows.submission_id
  )
  {%- endfor %}
),
step AS (               -- the turns in which rows of a section came or went, and the unit's file before that gave any
  SELECT unit_code, section, turn, submission_id AS new_submission_id,
         lag(submission_id) OVER (PARTITION BY unit_code, section ORDER BY turn) AS old_submission_id
  FROM accepted
  JOIN (SELECT DISTINCT unit_code, section, from_turn AS turn FROM work.row_layer) USING (unit_code, turn)
  QUALIFY old_submission_id IS NOT NULL
),
state AS (              -- what counted before each step, and after it: the latest that is filled in, or counts blank
  SELECT step.unit_code, step.section, step.turn, after, layer.key, value.field,
         arg_max(struct_pack(value := value.value, row_name := value.row_name, submission_id := layer.submission_id,
                             row := layer.row),
                 (NOT coalesce(place.told.blank, true)
                    OR (layer.is_solid AND NOT list_contains(layer.not_columns, value.field)
                        AND place.told IS NOT NULL),
                  place.told IS NOT NULL, layer.rank)) AS told
  FROM step
  CROSS JOIN (VALUES (false), (true)) AS moment (after)
  JOIN work.row_layer AS layer
    ON layer.unit_code = step.unit_code AND layer.section = step.section
   AND CASE WHEN after THEN layer.from_turn <= step.turn AND coalesce(layer.until_turn > step.turn, true)
            ELSE layer.from_turn < step.turn AND coalesce(layer.until_turn >= step.turn, true) END
  JOIN row_value AS value
    ON value.submission_id = layer.submission_id AND value.section = layer.section AND value.row = layer.row
  LEFT JOIN place
    ON place.submission_id = layer.submission_id AND place.section = layer.section AND place.row = layer.row
   AND place.field = value.field
  GROUP BY step.unit_code, step.section, step.turn, after, layer.key, value.field
),
row_change AS (
  SELECT unit_code, section, coalesce(new.told.row_name, old.told.row_name) AS row_name, field,
         coalesce(old.told.submission_id, step.old_submission_id) AS old_submission_id, step.new_submission_id,
         old.told.value AS old_value, new.told.value AS new_value,
         old.told.row AS old_row, new.told.row AS new_row
  FROM (FROM state WHERE after AND told.value IS NOT NULL) AS new
  FULL JOIN (FROM state WHERE NOT after AND told.value IS NOT NULL) AS old USING (unit_code, section, turn, key, field)
  JOIN step USING (unit_code, section, turn)
  WHERE old.told.value IS DISTINCT FROM new.told.value
),
pair_counted AS (       -- the values that count in their turn: a blank place only as long as nothing else was told
  SELECT *
  FROM place
  WHERE told.value IS NOT NULL
    AND (section, field) IN ({% for section, field in pairs %}({{ section | literal }}, {{ field.key | literal }})
                             {%- if not loop.last %}, {% endif %}{% endfor %})
  WINDOW key AS (PARTITION BY unit_code, section, field ORDER BY turn),
         earlier AS (PARTITION BY unit_code, section, field ORDER BY turn ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
  QUALIFY (NOT told.blank OR bool_and(told.blank) OVER key)
      AND (set_back IS NULL OR NOT coalesce(bool_or(NOT told.blank) OVER earlier, false))
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
