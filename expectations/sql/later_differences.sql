-- Where files that are set back differ from what counts, as notices: one per value for a file received in the same
-- second, a single one for an older file or a file that holds only zeros.
CREATE OR REPLACE TEMP TABLE difference_notice AS
WITH back AS (
    SELECT t.submission_id, t.unit_code, t.turn, t.set_back, t.set_back_by, t.decision_id, f.sha256, f.document_date,
           f.document_number, o.file_name AS other_file, o.document_date AS other_date, o.document_number AS other_number
    FROM file_turn t
    JOIN several_files f USING (submission_id)
    JOIN several_files o ON o.submission_id = t.set_back_by
    WHERE t.set_back IS NOT NULL
),
counted_value AS (      -- of the rows that a file set back has as well: the value that counts without that file
    SELECT l.unit_code, l.section, l.key, f.field,
           arg_max(struct_pack(value := f.value, raw := f.raw),
                   (f.raw <> '' OR (l.is_solid AND NOT list_contains(l.not_columns, f.field)), l.rank)) AS counted
    FROM row_layer l
    JOIN file_turn t USING (submission_id)
    JOIN submission s USING (submission_id)
    JOIN fact f ON f.sha256 = s.sha256 AND f.section = l.section AND f.row = l.row
    WHERE l.until_turn IS NULL AND t.set_back IS NULL
      AND (l.unit_code, l.section, l.key) IN (SELECT (b.unit_code, u.section, u.key) FROM unused_row u JOIN back b USING (submission_id))
    GROUP BY ALL
),
row_difference AS (
    SELECT b.submission_id, u.section, u.row, f.field, w.counted.raw AS counted_raw, f.raw AS own_raw
    FROM unused_row u
    JOIN back b USING (submission_id)
    JOIN fact f ON f.sha256 = b.sha256 AND f.section = u.section AND f.row = u.row
    LEFT JOIN counted_value w ON w.unit_code = b.unit_code AND w.section = u.section AND w.key = u.key AND w.field = f.field
    WHERE (u.section, f.field) NOT IN ({{ row_keys | literals }})
      AND (b.set_back <> 'corrected' OR w.counted.raw <> '')
      AND CASE WHEN u.key IS NULL THEN f.raw <> ''
               WHEN b.set_back = 'same_second' THEN w.counted IS NOT NULL AND w.counted.value IS DISTINCT FROM f.value
               ELSE f.raw <> '' AND w.counted.value IS DISTINCT FROM f.value END
),
counted_key AS (
    SELECT t.unit_code, f.section, f.field,
           arg_max(struct_pack(value := f.value, raw := f.raw), t.turn) AS counted
    FROM fact f
    JOIN several_files s USING (sha256)
    JOIN file_turn t USING (submission_id)
    WHERE f.section IN ({{ pairs | literals }}) AND f.value IS NOT NULL AND f.raw <> '' AND t.set_back IS NULL
    GROUP BY ALL
),
key_difference AS (
    SELECT b.submission_id, f.section, 0 AS row, f.field, w.counted.raw AS counted_raw, f.raw AS own_raw
    FROM back b
    JOIN fact f USING (sha256)
    JOIN counted_key w ON w.unit_code = b.unit_code AND w.section = f.section AND w.field = f.field
    JOIN form_field o ON o.section = f.section AND o.field = f.field
    WHERE f.value IS NOT NULL AND f.raw <> '' AND o.type <> 'unit' AND w.counted.value IS DISTINCT FROM f.value
),
difference AS (
    SELECT DISTINCT * FROM (FROM row_difference UNION ALL FROM key_difference)
),
change AS (             -- the date or number that makes a file the older one is not counted as a difference
    SELECT submission_id, count(*) FILTER (WHERE field NOT IN ('document_date', 'document_number') OR row > 0) AS times
    FROM difference
    GROUP BY submission_id
)
SELECT b.submission_id, 'later_file_set_back' AS rule, d.section, nullif(d.row, 0) AS row, NULL AS row_name, d.field,
       'Tệp này nhận cùng lúc với “' || b.other_file || '”, nên không biết tệp nào sau: ở đây ghi “' || left(d.own_raw, 80)
       || '”, còn “' || left(d.counted_raw, 80) || '” đang được tính. Đề nghị đơn vị cho biết số nào đúng; cán bộ lấy cả tệp '
       || 'này bằng tonghop decide replace.' AS message, b.decision_id
FROM difference d JOIN back b USING (submission_id)
WHERE b.set_back = 'same_second'
UNION ALL
SELECT b.submission_id, 'later_file_set_back', 'info', NULL, NULL,
       CASE b.set_back WHEN 'older_date' THEN 'document_date' WHEN 'older_number' THEN 'document_number' END,
       CASE b.set_back
           WHEN 'older_date' THEN 'Tệp này ký ngày ' || strftime(b.document_date, '%d/%m/%Y') || ', trước “' || b.other_file
               || '” ký ngày ' || strftime(b.other_date, '%d/%m/%Y') || ' đang được tính'
           WHEN 'older_number' THEN 'Tệp này có số “' || b.document_number || '”, trước số “' || b.other_number || '” của “'
               || b.other_file || '” đang được tính'
           WHEN 'corrected' THEN 'Đã nhận trước tệp này bản đính chính, bổ sung “' || b.other_file || '”, đang được tính'
           ELSE 'Mọi số trong tệp này đều bằng 0, khác với “' || b.other_file || '” đang được tính' END
       || ': ' || c.times || ' giá trị khác trong tệp không được lấy. Nếu tệp này mới đúng, đề nghị đơn vị gửi lại tệp ghi rõ '
       || '“thay thế”, hoặc cán bộ quyết định lấy cả tệp này (tonghop decide replace).',
       b.decision_id
FROM back b JOIN change c USING (submission_id)
WHERE b.set_back <> 'same_second' AND c.times > 0
