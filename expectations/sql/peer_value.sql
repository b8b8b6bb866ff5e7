-- The counts of {{ table | identifier }} that are compared with peers, one row per value that was read. `whole`, of one
-- with a limit, is that limit, and `measure` its share of it in percent. `is_limit`: it limits another count, below which it
-- cannot fall unnoticed. Only values that are `alike` are peers, such as those of one organisation; `counts`: the row is
-- among those that count, from which the usual value is made.
CREATE OR REPLACE TEMP TABLE peer_value AS
SELECT *, CASE WHEN whole_field IS NULL THEN amount WHEN whole > 0 AND amount > 0 THEN 100 * amount / whole END AS measure
FROM (
    SELECT d.position, d.unit_code, b.row, {{ alike | sql }} AS alike, counted.unit_code IS NOT NULL AS counts,
           unnest([
               {%- for field in free %}
               struct_pack(field := {{ field.key | literal }}, amount := b.{{ field.column_name | identifier }}::DOUBLE,
                           whole_field := NULL::VARCHAR, whole := NULL::DOUBLE, is_compared := false,
                           is_limit := {{ "true" | sql if field.key in limits else "false" | sql }},
                           likely_max := {{ field.likely_max or 2147483647 }}){% if limited or not loop.last %},{% endif %}
               {%- endfor %}
               {%- for field, whole in limited %}
               struct_pack(field := {{ field.key | literal }}, amount := b.{{ field.column_name | identifier }}::DOUBLE,
                           whole_field := {{ whole.key | literal }}, whole := b.{{ whole.column_name | identifier }}::DOUBLE,
                           is_compared := {{ "true" | sql if field.share_compared else "false" | sql }},
                           is_limit := false, likely_max := 2147483647){% if not loop.last %},{% endif %}
               {%- endfor %}], recursive := true)
    FROM {{ table | identifier }} b
    JOIN submission_draft d USING (submission_id)
    LEFT JOIN ({{ counted | sql }}) AS counted ON counted.submission_id = b.submission_id AND counted.row = b.row
)
WHERE amount IS NOT NULL
