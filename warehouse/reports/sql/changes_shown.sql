-- The first $most values of each unit that a later accepted file changed, the latest file first, with how many there are.
SELECT change.unit_code, section, row_name, field, left(old_value, $longest) AS old_value,
       left(new_value, $longest) AS new_value, old.file_name AS old_file, old_sheet, old_cell, new.file_name AS new_file,
       new_sheet, new_cell, old_submission_id, new_submission_id,
       count(*) OVER (PARTITION BY change.unit_code) AS changes,
       row_number() OVER (
         PARTITION BY change.unit_code
         ORDER BY new.received_at DESC, new.file_name, section, coalesce(new_sheet, old_sheet),
                  TRY_CAST(regexp_extract(coalesce(new_cell, old_cell), '[0-9]+') AS INTEGER), row_name, field) AS place
FROM submission_change AS change
JOIN submission AS old ON old.submission_id = change.old_submission_id
JOIN submission AS new ON new.submission_id = change.new_submission_id
QUALIFY place <= $most
ORDER BY change.unit_code, place
