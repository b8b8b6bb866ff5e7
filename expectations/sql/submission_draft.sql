-- One row per arrival by $as_of, in the order of receipt: what it is, which unit it is from and how that is known.
-- A duplicate has the bytes of an earlier arrival. There are two exceptions. If no unit was known for the earlier ones, the
-- first arrival with a unit is judged on its own: the unit sent its file again under a better name. And an arrival that may
-- not count (its sender or issuer is not the unit, or an officer withdrew it) does not keep a later one from counting.
CREATE OR REPLACE TABLE submission_draft AS
WITH issued AS (
    -- Who issues each content, and which unit the file name or sender claims. A content that is only addressed to a
    -- commune's committee is from a part of that commune, unless another unit is claimed. One of an organisation without a
    -- place is the district's if that is claimed. A unit that the registry does not have is a misspelling if the unit with
    -- nearly that name is claimed.
    SELECT submission_id, coalesce(t.by_name, CASE WHEN len(t.by_sender) = 1 THEN t.by_sender[1] END) AS claimed,
           coalesce(c.issuer = 'addressed' AND claimed <> c.unit_code, false) AS only_addressed,
           CASE WHEN NOT only_addressed THEN c.unit_code END AS unit_code,
           coalesce(c.issuer = 'other', false) AND (claimed IS NULL OR c.unit_near IS DISTINCT FROM claimed) AS by_another,
           coalesce(c.issuer IN ('part', 'addressed') OR c.issuer = 'organisation' AND claimed NOT IN (
               SELECT u.unit_code FROM unit u WHERE u.reporter = 'district_org'), c.issuer = 'organisation', false)
               AND NOT only_addressed AS by_part
    FROM arrival a
    LEFT JOIN content c USING (sha256)
    LEFT JOIN arrival_identity t USING (submission_id)
),
identified AS (
    SELECT a.submission_id, a.file_name, a.sha256, a.received_at, a.channel, a.sender, a.link_unit_code,
           a.missed_by, a.own_time,
           coalesce(assigned.unit_code, i.unit_code, CASE WHEN NOT i.by_another THEN i.claimed END) AS unit_code,
           CASE WHEN assigned.unit_code IS NOT NULL THEN 'decision'
                WHEN i.unit_code IS NOT NULL THEN 'content'
                WHEN i.by_another THEN NULL
                WHEN t.by_name IS NOT NULL THEN 'file_name'
                WHEN len(t.by_sender) = 1 THEN 'sender' END AS unit_from,
           t.by_name AS unit_by_name, t.by_sender, t.trusted, coalesce(c.declares, t.declares) AS declares, assigned.decision_id AS assigned_by,
           (SELECT max(w.decision_id) FROM decided w JOIN arrival own ON own.submission_id = w.submission_id
            WHERE w.kind = 'withdraw' AND own.sha256 = a.sha256 AND a.received_at <= w.holds_from) AS withdrawn_by,
           a.submission_id IN (FROM decided SELECT submission_id WHERE kind = 'accept' AND rule = 'other_topic')
               AS topic_decided,
           a.submission_id IN (FROM decided SELECT submission_id WHERE kind = 'accept' AND rule = 'sender_not_allowed')
               AS sender_decided,
           i.by_part AND assigned.unit_code IS NULL AS issued_by_part,
           issued_by_part AND a.submission_id NOT IN (
               FROM decided SELECT submission_id WHERE kind = 'accept' AND rule = 'sub_unit_report') AS of_a_part,
           a.sha256 IN (SELECT sha256 FROM scan_on_hold) AS unconfirmed,
           coalesce(c.outcome, 'unreadable') AS outcome,
           row_number() OVER (ORDER BY a.received_at, a.file_name, a.submission_id) AS position
    FROM arrival a
    JOIN issued i USING (submission_id)
    LEFT JOIN content c USING (sha256)
    LEFT JOIN arrival_identity t USING (submission_id)
    LEFT JOIN (FROM decided JOIN unit USING (unit_code) SELECT submission_id, unit_code, decision_id
               WHERE decided.kind = 'assign') AS assigned USING (submission_id)
    WHERE a.received_at <= $as_of
),
sender_checked AS (
    SELECT * EXCLUDE (by_sender, trusted, sender_decided),
           unit_code IS NULL OR unit_from = 'decision' OR trusted OR list_contains(by_sender, unit_code)
               AS sender_allowed,
           withdrawn_by IS NULL AND (sender_allowed OR sender_decided) AND NOT of_a_part AND NOT unconfirmed AS may_count
    FROM identified
),
firsts AS (
    SELECT sha256, arg_min(submission_id, position) AS first_id,
           arg_min(submission_id, position) FILTER (WHERE unit_code IS NOT NULL) AS first_with_unit,
           arg_min(submission_id, (assigned_by IS NULL, position)) FILTER (WHERE unit_code IS NOT NULL AND may_count)
               AS first_that_may
    FROM sender_checked
    GROUP BY sha256
),
known AS (
    SELECT sender_checked.*,
           coalesce(copied.original_id,
                    nullif(CASE WHEN unit_code IS NULL THEN first_id
                                WHEN may_count THEN first_that_may
                                ELSE first_with_unit END, submission_id)) AS duplicate_of,
           copied.original_id IS NOT NULL AS is_scan_of_original
    FROM sender_checked
    JOIN firsts USING (sha256)
    LEFT JOIN (SELECT scan_copy.sha256, arg_min(original.submission_id, original.position) AS original_id
               FROM scan_copy JOIN sender_checked original ON original.sha256 = scan_copy.original
               GROUP BY scan_copy.sha256) AS copied USING (sha256)
),
several AS (
    FROM known WHERE outcome = 'read' AND duplicate_of IS NULL
    QUALIFY count(*) OVER (PARTITION BY unit_code, may_count) > 1
),
many AS (  -- of units with several files: how much came since each; a long text weighs as many short ones. Files that may not
           -- count, which anybody can send in a unit's name, take no place from those that may; many small ones push out
           -- none of the few that hold most.
    SELECT unit_code, submission_id, row_number() OVER later AS files, sum(coalesce(weight, 0)) OVER later AS facts,
           row_number() OVER (PARTITION BY unit_code, may_count ORDER BY position) AS turn,
           coalesce(weight, 0) AS own_facts,
           row_number() OVER (PARTITION BY unit_code, may_count ORDER BY own_facts DESC, position DESC) AS by_facts
    FROM several
    LEFT JOIN (SELECT sha256, sum(1 + length(raw) // 16) AS weight FROM fact
               WHERE sha256 IN (SELECT sha256 FROM several) GROUP BY sha256) USING (sha256)
    WINDOW later AS (PARTITION BY unit_code, may_count ORDER BY position DESC)
)
SELECT known.* EXCLUDE (position, duplicate_of), u.reporter, known.duplicate_of,
       coalesce(many.turn = 1 OR many.files = 1
                OR (many.by_facts <= $unit_files // 6 AND many.own_facts <= $unit_facts // 10)
                OR (many.facts <= $unit_facts AND (many.unit_code IS NULL OR many.files < $unit_files)), true) AS checked,
       known.outcome = 'read' AND checked AS read,
       known.position
FROM known
LEFT JOIN many USING (submission_id)
LEFT JOIN unit u ON u.unit_code = known.unit_code
ORDER BY known.position
