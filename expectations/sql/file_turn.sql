-- The accepted files of units that have several, with what decides their order.
-- only_zeros: the file has numbers, all of them zero; its marks are blank, and it has no day other than its own date.
CREATE OR REPLACE TEMP TABLE several_files AS
WITH several AS (
    SELECT s.submission_id, s.unit_code, d.position, d.received_at, d.file_name, d.sha256
    FROM submission s JOIN submission_draft d USING (submission_id)
    WHERE s.status = 'accepted'
    QUALIFY count(*) OVER (PARTITION BY s.unit_code) > 1
),
document AS (
    SELECT several.submission_id,
           TRY_CAST(min(fact.value) FILTER (WHERE fact.field = 'document_date') AS DATE) AS document_date,
           min(fact.value) FILTER (WHERE fact.field = 'document_number') AS document_number,
           coalesce(bool_or(f.type = 'count' AND fact.value = '0'), false)
               AND NOT coalesce(bool_or(CASE f.type WHEN 'count' THEN fact.value <> '0' WHEN 'mark' THEN fact.value = 'true'
                   WHEN 'unit' THEN false WHEN 'date' THEN fact.field <> 'document_date'
                   ELSE fact.row = 0 AND fact.field <> 'document_number' END), false) AS only_zeros
    FROM several
    JOIN fact USING (sha256)
    JOIN form_field f ON f.section = fact.section AND f.field = fact.field
    WHERE fact.value IS NOT NULL AND fact.raw <> ''
    GROUP BY several.submission_id
)
SELECT several.*, content.declares, content.whole_sections, content.not_held_rows, document.document_date, document.document_number,
       coalesce(document.only_zeros, false) AS only_zeros, decided.decision_id
FROM several
LEFT JOIN content USING (sha256)
LEFT JOIN document USING (submission_id)
LEFT JOIN (SELECT submission_id, max(decision_id) AS decision_id FROM decided WHERE kind = 'replace' GROUP BY ALL) AS decided
    USING (submission_id)
