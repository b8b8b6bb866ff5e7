-- Adds to `finding_placed` each decision in force that matches nothing, and changes its state to that: a file that has not come, a finding that is no
-- longer made, a unit that the registry does not have, two lines that are no longer there or no longer differ.
INSERT INTO finding_placed
WITH two_lines AS (
    -- the lines that count where an organisation and a commune report the same meeting
    {% if lines -%}
    {% set organisation, commune = lines.organisation | identifier, lines.commune | identifier -%}
    SELECT b.{{ organisation }} AS organisation, b.{{ commune }} AS commune_code, b.unit_code
    FROM {{ lines.table | identifier }} b
    JOIN unit u ON u.unit_code = b.unit_code
    WHERE b.unit_code = b.{{ commune }} OR u.kind = b.{{ organisation }}
    QUALIFY count(DISTINCT b.unit_code) OVER (PARTITION BY b.{{ organisation }}, b.{{ commune }}) > 1
    {%- else -%}
    SELECT NULL AS organisation, NULL AS commune_code, NULL AS unit_code WHERE false
    {%- endif %}
),
matched AS (
    SELECT d.decision_id FROM decided d JOIN submission_draft s USING (submission_id)
    LEFT JOIN unit u ON u.unit_code = d.unit_code
    WHERE d.kind = 'withdraw' OR (d.kind = 'received' AND d.sha256 = s.sha256) OR (d.kind = 'replace' AND s.duplicate_of IS NULL) OR (d.kind = 'assign' AND u.unit_code IS NOT NULL)
    UNION
    SELECT d.decision_id FROM decided d, finding_placed p
    WHERE d.kind = 'accept' AND p.submission_id = d.submission_id AND p.rule = d.rule
      AND coalesce(d.section = p.section, d.section IS NULL) AND coalesce(d.row_name = p.row_name, d.row_name IS NULL)
      AND coalesce(d.field = p.field, d.field IS NULL)
    UNION
    SELECT d.decision_id FROM decided d JOIN finding_placed p USING (decision_id)
    JOIN two_lines l ON l.organisation = d.organisation AND l.commune_code = d.commune_code AND l.unit_code = d.unit_code
    WHERE d.kind = 'settle' AND p.rule = 'sources_differ'
    UNION
    SELECT d.decision_id FROM decided d JOIN unit USING (unit_code) WHERE d.kind IN ('rename', 'alias')
    UNION
    SELECT decision_id FROM decided WHERE kind IN ('report', 'issue', 'undo')
    UNION
    SELECT decision_id FROM confirmation WHERE decision_id IS NOT NULL
    UNION
    SELECT decision_id FROM decided JOIN scan_copy USING (sha256) WHERE kind = 'confirm'
)
SELECT s.position, s.submission_id, 'decision_unmatched', NULL, NULL, NULL, NULL, NULL, NULL, NULL,
       'Quyết định số ' || d.decision_id || ' (' || d.account || ': ' || d.reason
       || ') không còn áp dụng được vào tệp, đơn vị hay sai sót nào. Đề nghị cán bộ xem lại, hủy quyết định nếu không còn cần.',
       d.decision_id
FROM decided d
LEFT JOIN submission_draft s ON s.submission_id = d.submission_id
WHERE d.decision_id NOT IN (SELECT decision_id FROM matched)
ORDER BY d.decision_id;

UPDATE decision SET state = 'unmatched'
WHERE decision_id IN (SELECT decision_id FROM finding_placed WHERE rule = 'decision_unmatched');

UPDATE finding_placed SET decision_id = NULL
WHERE rule <> 'decision_unmatched'
  AND decision_id IN (SELECT decision_id FROM decision WHERE state = 'unmatched')
