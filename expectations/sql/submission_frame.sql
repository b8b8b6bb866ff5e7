-- One row per arrival that is no duplicate; the form declares what is required (frames.py).
-- What is required may be in an earlier file of the unit that has all of it and no error; for a correction, in a later file
-- as well. That does not apply to a file without any content. `sound`: no error so far that no officer accepted.
WITH errors AS (
    SELECT DISTINCT position FROM finding_placed JOIN severity USING (rule)
    WHERE severity = 'error' AND decision_id IS NULL
),
said AS (
    SELECT DISTINCT sha256 FROM fact
    WHERE raw <> '' AND (section, field) NOT IN (SELECT (section, field) FROM form_field WHERE type = 'unit')
),
own AS (
    SELECT d.submission_id, d.position, d.unit_code, d.reporter, coalesce(d.declares = 'correction', false) AS corrects,
           said.sha256 IS NOT NULL AS says_something,
           d.read AND d.unit_code IS NOT NULL AND d.may_count
               AND (c.other_topic IS NULL OR d.topic_decided) AND errors.position IS NULL AS sound,
           CASE d.reporter
               {%- for reporter, conditions in complete.items() %}
               WHEN {{ reporter | literal }} THEN {% for condition in conditions %}
                    {%- if not loop.first %} AND {% endif %}{{ condition | sql }}{% else %}true{% endfor %}
               {%- endfor %}
               ELSE false END AS complete
           {%- for column, holds in has.items() %},
           {{ holds | sql }} AS {{ column | identifier }}
           {%- endfor %}
    FROM submission_draft d
    LEFT JOIN content c USING (sha256)
    LEFT JOIN said USING (sha256)
    LEFT JOIN errors ON errors.position = d.position
    {%- for section in sections if section.layout == "pairs" %}
    LEFT JOIN {{ ("batch_" ~ section.key) | identifier }} AS {{ ("b_" ~ section.key) | identifier }}
        ON {{ ("b_" ~ section.key) | identifier }}.submission_id = d.submission_id
    {%- endfor %}
    {%- for section in sections if section.layout != "pairs" %}
    LEFT JOIN (SELECT DISTINCT submission_id FROM {{ ("batch_" ~ section.key) | identifier }})
        AS {{ ("rows_" ~ section.key) | identifier }}
        ON {{ ("rows_" ~ section.key) | identifier }}.submission_id = d.submission_id
    {%- endfor %}
    WHERE d.duplicate_of IS NULL
),
checked AS (
    SELECT *, coalesce(bool_or(complete AND sound) OVER (
        PARTITION BY unit_code ORDER BY position ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), false)
        OR (corrects AND coalesce(bool_or(complete AND sound AND NOT corrects) OVER (PARTITION BY unit_code), false))
        AS covered
    FROM own
)
SELECT d.position, CASE WHEN d.checked THEN d.outcome ELSE 'unreadable' END AS outcome, d.unit_code, d.unit_from, d.unit_by_name, c.macros, c.other_topic,
       strftime(d.missed_by, '%Y-%m-%d') AS missed_by,
       coalesce(CASE WHEN NOT d.checked THEN 'Không kiểm tra tệp này, vì đã nhận quá nhiều tệp của cùng đơn vị; chỉ kiểm tra '
                    || 'tệp đầu tiên và các tệp mới nhất. Nếu cần tính tệp này, đề nghị gửi lại.' END,
                nullif(trim(c.reason), ''), 'Không đọc được tệp. Đề nghị kiểm tra và gửi lại.') AS reason,
       d.read AS was_read, d.read AND NOT d.of_a_part AS unit_needed, NOT (d.read AND d.issued_by_part) AS of_whole_unit,
       CASE WHEN d.link_unit_code IS NULL THEN 'Địa chỉ gửi ' || coalesce(d.sender, '(không rõ)') || ' không có trong danh sách'
            ELSE 'Tệp gửi qua đường dẫn riêng của ' || coalesce(link.unit_name, d.link_unit_code) || ', không phải' END AS sent_from,
       d.sender_allowed, NOT (d.read AND d.unconfirmed) AS is_confirmed,
       coalesce(hold.required_values, 0) AS waiting_required, coalesce(hold.all_values, 0) AS waiting_all,
       d.file_name, hold.sheet AS scan_sheet, hold.cell AS scan_cell, NULL::VARCHAR AS scan_text,
       d.read AND d.unit_from = 'content' AND d.unit_by_name IS NOT NULL AND NOT d.of_a_part AS unit_from_content,
       d.read AND NOT d.of_a_part AND NOT d.unconfirmed AND (c.other_topic IS NULL OR d.topic_decided) AND coalesce(d.reporter = 'commune', false) AS chk_is_commune,
       d.read AND NOT d.of_a_part AND NOT d.unconfirmed AND (c.other_topic IS NULL OR d.topic_decided) AND coalesce(d.reporter = 'district_org', false) AS chk_is_district_org,
       coalesce(' từ “' || nullif(trim(c.unit_text), '') || '”', '') AS unit_said,
       coalesce(' của ' || u.unit_name, '') AS belongs_to,
       CASE WHEN u.unit_code IS NULL THEN 'tonghop decide assign, nếu vẫn là báo cáo của cả một đơn vị'
            ELSE 'tonghop decide accept, nếu vẫn là báo cáo của cả đơn vị' END AS what_to_do,
       u.unit_name, n.unit_name AS name_in_file_name,
       c.unit_text, c.unit_sheet, c.unit_cell,
       c.other_topic AS other_topic_text, c.other_topic_sheet, c.other_topic_cell,
       strftime(d.received_at, {{ moment_format | literal }}) AS received,
       strftime(d.missed_by, {{ moment_format | literal }}) AS missed,
       {{ received_unlikely | sql }} AS received_unlikely,
       NULL::INTEGER AS no_row
       {%- for once in asked_once %}{% for _, column in once.marks %},
       {{ column | identifier }}, {{ (column ~ "_row") | identifier }}
       {%- endfor %}{% endfor %}
       {%- for column in has %},
       CASE WHEN {{ column | identifier }} OR (covered AND says_something) THEN 1 END AS {{ column | identifier }}
       {%- endfor %}
FROM checked
JOIN submission_draft d USING (submission_id)
LEFT JOIN content c USING (sha256)
LEFT JOIN scan_on_hold hold ON hold.sha256 = d.sha256
LEFT JOIN unit u ON u.unit_code = d.unit_code
LEFT JOIN unit n ON n.unit_code = d.unit_by_name
LEFT JOIN unit link ON link.unit_code = d.link_unit_code
{% for section in signed -%}
LEFT JOIN {{ ("batch_" ~ section) | identifier }} AS {{ ("signed_" ~ section) | identifier }}
    ON {{ ("signed_" ~ section) | identifier }}.submission_id = d.submission_id
{% endfor -%}
{% for once in asked_once -%}
LEFT JOIN ({{ once.query | sql }}) USING (submission_id)
{% endfor -%}
ORDER BY d.position
