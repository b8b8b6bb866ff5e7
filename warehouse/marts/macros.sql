{# What several marts share. `work` is the night's working database, attached read-only; `form` the campaign's form. #}

{% macro columns(section, alias) -%}
  {% for field in section.fields %}{{ alias }}.{{ field.column_name }}{{ ", " if not loop.last }}{% endfor %}
{%- endmacro %}

{# The rows of a table section that count, of one file of the unit or of several (expectations/later_files.py). #}
{% macro counted_rows(section) -%}
  work.counted_{{ section.key }} AS rows
{%- endmacro %}

{# NULL where not held, or where the dates that are known do not tell. #}
{% macro in_window(section) -%}
  {% set window = windows[section.window.name] -%}
  CASE WHEN {{ held(section) }}
       THEN {% for key in section.window.fields -%}
         {{ key }} BETWEEN DATE '{{ window.first }}' AND DATE '{{ window.last }}'{{ " AND " if not loop.last }}
       {%- endfor %}
  END
{%- endmacro %}

{# How a row is named in findings and in lineage. #}
{% macro row_name(section) -%}{{ name_of_row(section, "rows") }}{%- endmacro %}
