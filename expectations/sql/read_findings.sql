-- Adds to `finding_placed` what was found while reading, of submissions that are no duplicates.
INSERT INTO finding_placed
SELECT d.position, d.submission_id, r.rule, r.section, r.row, coalesce(n.row_name, r.row_name), r.field, r.value,
       r.sheet, r.cell, r.message, NULL
FROM read_finding r
JOIN submission_draft d ON d.sha256 = r.sha256 AND d.duplicate_of IS NULL AND d.read
LEFT JOIN (
    {%- for row_names in row_names_of_tables %}
    {% if not loop.first %}UNION ALL{% endif %}
    {{ row_names | sql }}
    {%- endfor %}
) n ON n.submission_id = d.submission_id AND n.section = r.section AND n.row = r.row
