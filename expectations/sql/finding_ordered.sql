-- The contract's columns of a finding, and `finding_no`, their order: by receipt of the file, errors first, then in the
-- form's order.
CREATE OR REPLACE VIEW finding_ordered AS
SELECT row_number() OVER (ORDER BY p.position, severity, f.section_no NULLS FIRST, p.section, p.row NULLS FIRST,
                          f.field_no, p.rule, p.sheet, p.cell, p.message) AS finding_no,
       p.submission_id, p.rule, CASE WHEN p.decision_id IS NULL THEN s.severity ELSE 'warning' END AS severity,
       p.section, p.row_name, p.field, p.value, p.sheet, p.cell,
       p.message || CASE WHEN d.decision_id IS NULL OR p.rule = 'decision_unmatched' THEN ''
                         ELSE ' (Quyết định số ' || d.decision_id || ': ' || d.reason || '.)' END AS message,
       p.decision_id
FROM finding_placed p
JOIN severity s USING (rule)
LEFT JOIN decision d ON d.decision_id = p.decision_id
LEFT JOIN form_field f ON f.section = p.section AND f.field = p.field
