-- One row per value that a later accepted file of a unit changed. For a table, the rows that count since that file are
-- compared with those that counted before it; for `info` and `text`, each value with the one that counted before it. A
-- blank place replaces no value, and so changes none; nor does a file that is set back.
WITH accepted AS (      -- of units with more than one accepted file: all others have nothing to compare
  SELECT submission.unit_code, submission_id, sha256, turn, set_back
  FROM submission
  JOIN work.file_turn USING (submission_id)
),
place AS MATERIALIZED ( -- where a file gives a value twice, the place that counts, as in pair_value
  SELECT unit_code, submission_id, turn, set_back, section, row, field,
         arg_min(struct_pack(value := fact.value, blank := fact.raw = '', sheet := fact.sheet, cell := fact.cell),
                 (fact.value IS NULL, fact.raw = '', fact.sheet, length(fact.cell), fact.cell)) AS written
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
state AS (              -- what counted before and after each step: the latest value that is filled in, or whose blank counts
  SELECT step.unit_code, step.section, step.turn, after, layer.key, value.field,
         arg_max(struct_pack(value := value.value, row_name := value.row_name, submission_id := layer.submission_id,
                             row := layer.row),
                 (NOT coalesce(place.written.blank, true)
                    OR (layer.is_solid AND NOT list_contains(layer.not_columns, value.field)
                        AND place.written IS NOT NULL),
                  place.written IS NOT NULL, layer.rank)) AS counted
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
  SELECT unit_code, section, coalesce(new.counted.row_name, old.counted.row_name) AS row_name, field,
         coalesce(old.counted.submission_id, step.old_submission_id) AS old_submission_id, step.new_submission_id,
         old.counted.value AS old_value, new.counted.value AS new_value,
         old.counted.row AS old_row, new.counted.row AS new_row
  FROM (FROM state WHERE after AND counted.value IS NOT NULL) AS new
  FULL JOIN (FROM state WHERE NOT after AND counted.value IS NOT NULL) AS old USING (unit_code, section, turn, key, field)
  JOIN step USING (unit_code, section, turn)
  WHERE old.counted.value IS DISTINCT FROM new.counted.value
),
pair_counted AS (       -- the values that count in their turn: a blank place only as long as no other was written
  SELECT *
  FROM place
  WHERE written.value IS NOT NULL
    AND (section, field) IN ({% for section, field in pairs %}({{ section | literal }}, {{ field.key | literal }})
                             {%- if not loop.last %}, {% endif %}{% endfor %})
  WINDOW key AS (PARTITION BY unit_code, section, field ORDER BY turn),
         earlier AS (PARTITION BY unit_code, section, field ORDER BY turn ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
  QUALIFY (NOT written.blank OR bool_and(written.blank) OVER key)
      AND (set_back IS NULL OR NOT coalesce(bool_or(NOT written.blank) OVER earlier, false))
),
pair_change AS (        -- where the unit's file before it had no value, that file is named, with no old value
  SELECT pair.unit_code, pair.section, pair.field, pair.submission_id AS new_submission_id, pair.written AS new_written,
         lag(pair.written) OVER key AS old_written,
         coalesce(lag(pair.submission_id) OVER key, earlier.submission_id) AS old_submission_id
  FROM pair_counted AS pair
  ASOF LEFT JOIN (
    SELECT DISTINCT unit_code, section, turn, submission_id FROM pair_counted WHERE NOT written.blank) AS earlier
    ON earlier.unit_code = pair.unit_code AND earlier.section = pair.section AND earlier.turn < pair.turn
  WINDOW key AS (PARTITION BY pair.unit_code, pair.section, pair.field ORDER BY pair.turn)
)
SELECT change.unit_code, change.section, change.row_name, change.field,
       change.old_submission_id, change.new_submission_id, old_value, new_value,
       old.written.sheet AS old_sheet, old.written.cell AS old_cell, new.written.sheet AS new_sheet, new.written.cell AS new_cell
FROM row_change AS change
LEFT JOIN place AS old
  ON old.submission_id = change.old_submission_id AND old.section = change.section AND old.row = change.old_row
 AND old.field = change.field
LEFT JOIN place AS new
  ON new.submission_id = change.new_submission_id AND new.section = change.section AND new.row = change.new_row
 AND new.field = change.field
UNION ALL
SELECT unit_code, section, NULL, field, old_submission_id, new_submission_id, old_written.value, new_written.value,
       old_written.sheet, old_written.cell, new_written.sheet, new_written.cell
FROM pair_change
WHERE old_submission_id IS NOT NULL AND old_written.value IS DISTINCT FROM new_written.value
ORDER BY ALL
