-- Adds to `finding_placed` each decision in force that matches nothing: a file that has not come, a finding that is no
-- longer made, a unit that the registry does not have, two lines that are no longer there or no longer differ.
INSERT INTO finding_placed
WITH two_lines AS (
    /*two_lines*/
),
matched AS (
    SELECT d.decision_id FROM decided d JOIN submission_draft s USING (submission_id)
    LEFT JOIN unit u ON u.unit_code = d.unit_code
    WHERE d.kind = 'withdraw' OR (d.kind = 'replace' AND s.duplicate_of IS NULL) OR (d.kind = 'assign' AND u.unit_code IS NOT NULL)
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
    SELECT decision_id FROM decided WHERE kind = 'undo'
)
SELECT s.position, s.submission_id, 'decision_unmatched', NULL, NULL, NULL, NULL, NULL, NULL, NULL,
       'Quyết định số ' || d.decision_id || ' (' || d.account || ': ' || d.reason
       || ') không còn áp dụng được vào tệp, đơn vị hay sai sót nào. Đề nghị cán bộ xem lại, hủy quyết định nếu không còn cần.',
       d.decision_id
FROM decided d
LEFT JOIN submission_draft s ON s.submission_id = d.submission_id
WHERE d.decision_id NOT IN (SELECT decision_id FROM matched)
ORDER BY d.decision_id
