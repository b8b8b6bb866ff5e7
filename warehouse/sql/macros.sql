{# What several queries share. #}

{# When a file came and why it does not count. #}
{% macro came(file) -%}
concat_ws('; ', 'nhận ' || strftime({{ file | identifier }}.received_at, '%H:%M ngày %d/%m/%Y'), {{ file | identifier }}.reason)
{%- endmacro %}
