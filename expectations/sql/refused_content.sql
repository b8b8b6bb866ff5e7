-- Of what was read from the contents in `refused` (sha256, reason) the unit alone is kept: who sent the file gets to know.
CREATE OR REPLACE TEMP TABLE refused_content AS
SELECT sha256, refused.reason, content.unit_code
FROM refused
LEFT JOIN content USING (sha256)
WHERE sha256 IN (SELECT sha256 FROM arrival);
{% for table in tables %}
DELETE FROM {{ table | identifier }} WHERE sha256 IN (SELECT sha256 FROM refused_content);
{% endfor %}
INSERT INTO content BY NAME
SELECT sha256, reason, unit_code, 'unreadable' AS outcome, false AS macros FROM refused_content;

DROP TABLE refused_content
