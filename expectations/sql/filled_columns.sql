-- Of each of `several_files` the fields that are filled anywhere, and in how many rows with more than zero or no.
SELECT f.submission_id, fact.section, fact.field,
       count(DISTINCT fact.row) FILTER (WHERE fact.value NOT IN ('0', 'false')) AS rows
FROM several_files f
JOIN fact USING (sha256)
WHERE fact.row > 0 AND fact.raw <> ''
GROUP BY ALL
