-- One row per unit of the registry. Late is decided by its first accepted file (III.4), what counts by its latest.
WITH accepted AS (
  SELECT unit_code,
         min(received_at) AS first_received,
         max_by(struct_pack(received_at, submission_id),
                struct_pack(received_at, file_name, submission_id)) AS latest
  FROM submission
  WHERE status = 'accepted'
  GROUP BY unit_code
),
came AS (
  SELECT DISTINCT unit_code FROM submission WHERE status IN ('returned', 'rejected') AND NOT set_aside
)
SELECT unit.code AS unit_code,
       unit.name AS unit_name,
       unit.type AS unit_type,
       CASE WHEN accepted.unit_code IS NOT NULL THEN 'accepted'
            WHEN came.unit_code IS NOT NULL THEN 'returned'
            ELSE 'missing' END AS status,
       accepted.first_received < TIMESTAMPTZ {{ deadline | literal }} AS on_time,
       accepted.latest.received_at AS received_at,
       accepted.latest.submission_id AS submission_id,
       {{ register | identifiers }}
FROM unit
LEFT JOIN accepted ON accepted.unit_code = unit.code
LEFT JOIN came ON came.unit_code = unit.code
ORDER BY unit.position
