{# What several queries share. #}

{# When a file came and why it does not count. #}
{% macro came(file) -%}
concat_ws('; ', 'nhận ' || strftime({{ file | identifier }}.received_at, {{ moment_format | literal }}), {{ file | identifier }}.reason)
{%- endmacro %}

{# Where on which page of a scan (`file`) the value stands that was read from the place of a row of `lineage` or `finding`;
   NULL where it was not read from a picture. Sheet and cell name the place; row and column may have other names in
   `confirmation`, and only decide which of several values in one place is meant. #}
{% macro picture_of(file, place) -%}
(SELECT arg_max(
   struct_pack(sha256 := {{ file | identifier }}.sha256, page := seen.page, box := seen.box, state := seen.state,
               decision_id := seen.decision_id),
   [coalesce(CAST(seen.field = {{ place | identifier }}.field AS INTEGER), 0),
    CAST(seen.row_name IS NOT DISTINCT FROM {{ place | identifier }}.row_name AS INTEGER)])
 FROM confirmation AS seen
 WHERE seen.submission_id = {{ place | identifier }}.submission_id AND seen.sheet = {{ place | identifier }}.sheet
   AND seen.cell = {{ place | identifier }}.cell)
{%- endmacro %}
