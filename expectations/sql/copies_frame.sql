-- One row per unit with rows that count. chk_unit_<section> is the unit whose table has the same rows, NULL where none
-- has; chk_file_<section> its file, chk_same_<section> of chk_rows_<section> how many rows are the same, chk_at_<section>
-- and chk_row_<section> where the first of them stands.
SELECT reported.unit_code
       {%- for section in sections %}{% set copy = ("copy_" ~ section) | identifier %}{% set other = ("other_" ~ section) | identifier %},
       {{ other }}.unit_name AS {{ ("chk_unit_" ~ section) | identifier }},
       {{ ("file_" ~ section) | identifier }}.file_name AS {{ ("chk_file_" ~ section) | identifier }},
       {{ copy }}.same AS {{ ("chk_same_" ~ section) | identifier }}, {{ copy }}.rows AS {{ ("chk_rows_" ~ section) | identifier }},
       {{ ("own_" ~ section) | identifier }}.position AS {{ ("chk_at_" ~ section) | identifier }},
       {{ copy }}.row AS {{ ("chk_row_" ~ section) | identifier }}
       {%- endfor %}
FROM (SELECT DISTINCT unit_code FROM counted_section) AS reported
{% for section in sections %}{% set copy = ("copy_" ~ section) | identifier -%}
LEFT JOIN copied_table AS {{ copy }} ON {{ copy }}.unit_code = reported.unit_code AND {{ copy }}.section = {{ section | literal }}
LEFT JOIN unit AS {{ ("other_" ~ section) | identifier }} ON {{ ("other_" ~ section) | identifier }}.unit_code = {{ copy }}.other_code
LEFT JOIN submission_draft AS {{ ("own_" ~ section) | identifier }} ON {{ ("own_" ~ section) | identifier }}.submission_id = {{ copy }}.submission_id
LEFT JOIN submission_draft AS {{ ("file_" ~ section) | identifier }} ON {{ ("file_" ~ section) | identifier }}.submission_id = {{ copy }}.other_submission_id
{% endfor -%}
ORDER BY reported.unit_code
