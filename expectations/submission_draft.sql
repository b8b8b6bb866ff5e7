-- One row per arrival by $as_of, in the order of receipt: what it is, which unit it is from and how that is known.
-- A duplicate has the bytes of an earlier arrival. Where earlier ones told no unit, the first that does tell one is
-- judged on its own: the unit sent its nameless file again, under a name that says whose it is.
CREATE OR REPLACE TABLE submission_draft AS
WITH told AS (
    SELECT a.submission_id, a.file_name, a.sha256, a.received_at, a.channel, a.sender, a.missed_by,
           coalesce(c.unit_code, t.by_name, t.by_sender) AS unit_code,
           CASE WHEN c.unit_code IS NOT NULL THEN 'content'
                WHEN t.by_name IS NOT NULL THEN 'file_name'
                WHEN t.by_sender IS NOT NULL THEN 'sender' END AS unit_from,
           t.by_name AS unit_by_name,
           coalesce(c.outcome, 'unreadable') AS outcome,
           row_number() OVER (ORDER BY a.received_at, a.file_name, a.submission_id) AS position
    FROM arrival a
    LEFT JOIN content c USING (sha256)
    LEFT JOIN told_unit t USING (submission_id)
    WHERE a.received_at <= $as_of
),
firsts AS (
    SELECT sha256, arg_min(submission_id, position) AS first_id,
           arg_min(submission_id, position) FILTER (WHERE unit_code IS NOT NULL) AS first_with_unit
    FROM told
    GROUP BY sha256
)
SELECT told.* EXCLUDE (position), u.reporter,
       nullif(CASE WHEN told.unit_code IS NULL THEN first_id ELSE first_with_unit END, told.submission_id) AS duplicate_of,
       told.outcome = 'read' AS read,
       told.position
FROM told
JOIN firsts USING (sha256)
LEFT JOIN unit u ON u.unit_code = told.unit_code
ORDER BY told.position
