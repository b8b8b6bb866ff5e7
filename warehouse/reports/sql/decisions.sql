-- The decisions that are not undone nor replaced and that bear on numbers, with the names of what they speak of.
SELECT d.decision_id, d.holds_from, d.account, d.reason, d.kind, d.rule, d.section, d.row_name, d.field, d.name,
       d.organisation, d.state, d.received_at, file.file_name, unit.unit_name, commune.unit_name AS commune_name,
       sender.unit_name AS sender_name,
       coalesce(d.unit_code, file.unit_code) AS unit_code
FROM decision AS d
LEFT JOIN submission AS file USING (submission_id)
LEFT JOIN unit_status AS unit ON unit.unit_code = d.unit_code
LEFT JOIN unit_status AS commune ON commune.unit_code = d.commune_code
LEFT JOIN unit_status AS sender ON sender.unit_code = file.unit_code
WHERE d.state IN ('in_force', 'unmatched') AND d.kind NOT IN ('undo', 'confirm', 'report', 'issue')
ORDER BY d.decision_id
