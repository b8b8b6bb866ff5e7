-- The verdict on each arrival: rejected (cannot be read, is unsafe, names no unit, is withdrawn), held (waits for an
-- officer: its sender, or who issues it, is not the unit, or a scan is not confirmed), returned (has an error), duplicate, else accepted; with the
-- reason in Vietnamese for all that do not count, or that count by an officer's decision. The first three errors are
-- spelled out. `set_aside`: held, or withdrawn; the unit's status does not depend on it.
CREATE OR REPLACE TABLE submission AS
WITH error AS (
    SELECT f.submission_id, f.finding_no, f.rule,
           coalesce(coalesce(l.label, f.row_name) || ': ', '') || f.message
           || coalesce(' (' || CASE WHEN f.sheet IS NOT NULL AND f.cell IS NOT NULL THEN f.sheet || ', ' || f.cell
                                    ELSE coalesce(f.sheet, f.cell) END || ')', '') AS text
    FROM finding_ordered f
    LEFT JOIN choice_label l ON l.section = f.section AND l.code = f.row_name
    WHERE f.severity = 'error'
),
error_summary AS (
    SELECT submission_id, count(*) AS errors,
           array_to_string(arg_min(text, finding_no, 3), ' · ') AS first_errors,
           arg_min(text, finding_no) FILTER (WHERE rule IN ('unreadable', 'unsafe', 'unit_unknown')) AS why_rejected,
           arg_min(text, finding_no) FILTER (WHERE rule IN ('sender_not_allowed', 'sub_unit_report', 'scan_unconfirmed')) AS why_held
    FROM error
    GROUP BY submission_id
),
judged AS (
    SELECT d.*, e.errors, e.first_errors, e.why_held, e.why_rejected,
           d.withdrawn_by IS NOT NULL OR e.why_held IS NOT NULL AS set_aside,
           CASE WHEN d.duplicate_of IS NOT NULL THEN 'duplicate'
                WHEN NOT d.read OR d.withdrawn_by IS NOT NULL THEN 'rejected'
                WHEN e.why_held IS NOT NULL THEN 'held'
                WHEN d.unit_code IS NULL THEN 'rejected'
                WHEN e.errors > 0 THEN 'returned'
                ELSE 'accepted' END AS status
    FROM submission_draft d
    LEFT JOIN error_summary e USING (submission_id)
)
SELECT j.submission_id, j.file_name, j.sha256, j.received_at, j.channel, j.sender, j.unit_code, j.status,
       CASE j.status
           WHEN 'duplicate' THEN CASE WHEN j.is_scan_of_original THEN 'Bản quét của tệp “' || o.file_name || '” nhận lúc '
               || strftime(o.received_at, {{ moment_format | literal }}) || '; số liệu lấy theo tệp đó, bản quét chỉ để đối chiếu.'
               ELSE 'Trùng hoàn toàn với tệp “' || o.file_name || '” nhận lúc '
               || strftime(o.received_at, {{ moment_format | literal }}) || '; không tính lại.' END
           WHEN 'held' THEN j.why_held
           WHEN 'rejected' THEN coalesce(CASE WHEN j.withdrawn_by IS NOT NULL THEN 'Cán bộ đã rút tệp này' || by_officer.words END,
               j.why_rejected, 'Không dùng được tệp này. Đề nghị kiểm tra và gửi lại.')
           WHEN 'returned' THEN 'Có ' || j.errors || ' lỗi cần sửa. ' || j.first_errors
               || CASE WHEN j.errors > 3 THEN ' · … và ' || (j.errors - 3) || ' lỗi khác.' ELSE '' END
           WHEN 'accepted' THEN 'Được tính' || by_officer.words
       END AS reason,
       j.set_aside
FROM judged j
LEFT JOIN submission_draft o ON o.submission_id = j.duplicate_of
LEFT JOIN (
    SELECT submission_id, max(decision_id) AS decision_id FROM finding_placed GROUP BY submission_id
) accepted ON accepted.submission_id = j.submission_id
LEFT JOIN (
    SELECT submission_id, max(decision_id) AS decision_id FROM decided WHERE kind = 'replace' GROUP BY submission_id
) whole ON whole.submission_id = j.submission_id
LEFT JOIN (
    SELECT decision_id, ' theo quyết định số ' || decision_id || ': ' || reason || '.' AS words FROM decision
) by_officer ON by_officer.decision_id = coalesce(j.withdrawn_by, j.assigned_by, accepted.decision_id, whole.decision_id)
ORDER BY j.position
