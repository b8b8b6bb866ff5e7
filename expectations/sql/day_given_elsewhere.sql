-- Takes back that a correction's row lacks the day $field of the section $section where a sound file of its unit gives it.
DELETE FROM finding_placed
WHERE rule = 'required_missing' AND section = $section AND field = $field AND (submission_id, row) IN (
    SELECT (b.submission_id, b.row)
    FROM {{ table | identifier }} b
    JOIN submission_draft own ON own.submission_id = b.submission_id AND own.declares = 'correction'
    JOIN {{ table | identifier }} o
      ON o.unit_code = b.unit_code AND o.chk_row_key = b.chk_row_key AND o.submission_id <> b.submission_id
    JOIN submission_draft other ON other.submission_id = o.submission_id AND other.read AND other.may_count
    WHERE b.{{ day | identifier }} IS NULL AND o.{{ day | identifier }} IS NOT NULL AND o.submission_id NOT IN (
        SELECT submission_id FROM finding_placed JOIN severity USING (rule)
        WHERE severity = 'error' AND decision_id IS NULL))
