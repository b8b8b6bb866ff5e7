-- Which of the fields `days` (section and key of the day of a meeting) each of `several_files` has a column for.
SELECT DISTINCT f.submission_id, fact.section, fact.field
FROM several_files f
JOIN fact USING (sha256)
WHERE (fact.section, fact.field) IN ({{ days | literals }})
