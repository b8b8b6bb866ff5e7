-- Which files give the rows that count: for a unit with one accepted file that file, for others the files in row_layer.
-- Where they are several, combined_layer numbers the rows, and combined_value has for each field the file's row that
-- gives it: the latest that fills it in, or whose blanks count too.
CREATE OR REPLACE TABLE counted_section AS
WITH sent AS (
    {% for section in tables -%}
    {% if not loop.first %}UNION ALL{% endif %}
    SELECT DISTINCT submission_id, {{ section.key | literal }} AS section FROM {{ ("batch_" ~ section.key) | identifier }}
    {% endfor -%}
)
SELECT s.unit_code, sent.section, s.submission_id, true AS is_whole
FROM sent JOIN submission s USING (submission_id)
WHERE s.status = 'accepted' AND s.submission_id NOT IN (SELECT submission_id FROM file_turn)
UNION ALL
SELECT unit_code, section, submission_id, count(*) OVER (PARTITION BY unit_code, section) = 1
FROM (SELECT DISTINCT unit_code, section, submission_id FROM row_layer WHERE until_turn IS NULL)
ORDER BY unit_code, section, submission_id;

CREATE OR REPLACE TABLE combined_layer AS
WITH row_order AS (
    SELECT unit_code, section, key, row_number() OVER (
        PARTITION BY unit_code, section ORDER BY min(from_turn), min_by(row, from_turn), key) AS place
    FROM row_layer
    WHERE until_turn IS NULL
      AND (unit_code, section) IN (SELECT (unit_code, section) FROM counted_section WHERE NOT is_whole)
    GROUP BY unit_code, section, key
)
SELECT l.*, o.place::INTEGER AS place
FROM row_layer l JOIN row_order o USING (unit_code, section, key)
WHERE l.until_turn IS NULL;

CREATE OR REPLACE TABLE combined_value AS
SELECT l.unit_code, l.section, l.place, f.field, unnest(arg_max(
    struct_pack(submission_id := l.submission_id, row := l.row),
    (NOT (l.keeps_name AND (l.section, f.field) IN ({{ row_keys | literals }})),
     f.raw <> '' OR (l.is_solid AND NOT list_contains(l.not_columns, f.field)), l.rank)))
FROM combined_layer l
JOIN submission s USING (submission_id)
JOIN fact f ON f.sha256 = s.sha256 AND f.section = l.section AND f.row = l.row
GROUP BY l.unit_code, l.section, l.place, f.field
ORDER BY ALL
