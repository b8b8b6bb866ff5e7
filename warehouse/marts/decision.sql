-- One row per decision of an officer whose `holds_from` is not after the night's moment.
SELECT * FROM work.decision ORDER BY decision_id
