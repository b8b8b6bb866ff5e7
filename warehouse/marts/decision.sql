-- One row per decision of an officer that held by the night's moment.
SELECT * FROM work.decision ORDER BY decision_id
