-- The rows whose part exceeds its whole where the two come from different files: each file by itself had nothing wrong.
SELECT p.submission_id, p.row, n.row_name, a.{{ part | identifier }}, b.{{ whole | identifier }}, f.file_name
FROM combined_value p
JOIN combined_value w USING (unit_code, section, place)
JOIN {{ table | identifier }} a ON a.submission_id = p.submission_id AND a.row = p.row
JOIN {{ table | identifier }} b ON b.submission_id = w.submission_id AND b.row = w.row
JOIN several_files f ON f.submission_id = w.submission_id
LEFT JOIN ({{ row_names | sql }}) n ON n.submission_id = p.submission_id AND n.row = p.row
WHERE p.section = $section AND p.field = $part AND w.field = $whole AND p.submission_id <> w.submission_id
  AND a.{{ part | identifier }} > b.{{ whole | identifier }}
ORDER BY ALL
