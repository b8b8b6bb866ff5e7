-- The rows of a section that count: those of files that count whole, and those that come from several files.
CREATE OR REPLACE VIEW {{ ("counted_" ~ section) | identifier }} AS
SELECT unit_code, submission_id, reporter, row, row AS place, {{ columns | identifiers }}
FROM {{ ("batch_" ~ section) | identifier }}
JOIN (FROM counted_section SELECT unit_code, submission_id WHERE section = {{ section | literal }} AND is_whole)
    USING (unit_code, submission_id)
UNION ALL
SELECT unit_code, submission_id, reporter, row, place, {{ columns | identifiers }}
FROM {{ ("combined_" ~ section) | identifier }}
