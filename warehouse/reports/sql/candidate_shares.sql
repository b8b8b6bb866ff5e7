-- By commune the share of the candidates for village head who are Party members.
SELECT unit_code, avg(CAST(candidate_is_party AS INTEGER)) AS share
FROM village
GROUP BY unit_code
