-- The registry's units, in its order: how far each is, when its first accepted report came, and why the last one did not count.
SELECT
  u.unit_code,
  u.unit_name,
  u.unit_type,
  u.status,
  u.on_time,
  min(s.received_at) FILTER (WHERE s.status = 'accepted') AS first_accepted,
  arg_max(s.reason, s.received_at) FILTER (WHERE s.status IN ('returned', 'rejected') AND s.set_aside IS NOT TRUE)
    AS reason
FROM unit_status u
LEFT JOIN submission s USING (unit_code)
GROUP BY u.rowid, u.unit_code, u.unit_name, u.unit_type, u.status, u.on_time
ORDER BY u.rowid
