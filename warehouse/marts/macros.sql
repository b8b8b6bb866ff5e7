{# What several marts share. `work` is the night's working database, attached read-only; `form` the campaign's form. #}

{% macro columns(section, alias) -%}
  {% for field in section.fields %}{{ alias | identifier }}.{{ field.column_name | identifier }}{% if not loop.last %}, {% endif %}{% endfor %}
{%- endmacro %}

{# The columns of a section's own table. What a mark says of a meeting that did not take place is not known. #}
{% macro own_columns(section, alias) -%}
  {% for field in section.fields -%}
  {% if section.held_when and field.type == "mark" -%}
  CASE WHEN {{ took_place(section) | sql }} THEN {{ alias | identifier }}.{{ field.column_name | identifier }} END AS {{ field.column_name | identifier }}
  {%- else -%}
  {{ alias | identifier }}.{{ field.column_name | identifier }}
  {%- endif %}{% if not loop.last %}, {% endif %}
  {%- endfor %}
{%- endmacro %}

{# The rows of a table section that count, of one file of the unit or of several (expectations/later_files.py). #}
{% macro counted_rows(section) -%}
  work.{{ ("counted_" ~ section.key) | identifier }} AS rows
{%- endmacro %}

{# NULL where the meeting did not take place, or where the known dates do not decide it. #}
{% macro in_window(section) -%}
  {% set window = windows[section.window.name] -%}
  CASE WHEN {{ took_place(section) | sql }}
       THEN {% for key in section.window.fields -%}
         {{ key | identifier }} BETWEEN DATE {{ window.first.isoformat() | literal }} AND DATE {{ window.last.isoformat() | literal }}{% if not loop.last %} AND {% endif %}
       {%- endfor %}
  END
{%- endmacro %}

{# How a row is named in findings and in lineage. #}
{% macro row_name(section) -%}{{ name_of_row(section, "rows") | sql }}{%- endmacro %}
