-- What is usual for values of `peer_value` that are alike, in all units, and in each report.
CREATE OR REPLACE TEMP TABLE peer_usual AS
SELECT field, alike, count(DISTINCT unit_code) AS unit_count, quantile_disc(measure, [0.25, 0.5, 0.75]) AS quartiles,
       quantile_disc(whole, 0.5) AS usual_whole
FROM peer_value
WHERE counts AND measure IS NOT NULL
GROUP BY field, alike;

CREATE OR REPLACE TEMP TABLE own_usual AS
SELECT position, field, alike, count(*) AS row_count, quantile_disc(measure, [0.25, 0.5, 0.75]) AS quartiles,
       quantile_disc(whole, 0.5) AS usual_whole
FROM peer_value
WHERE measure IS NOT NULL
GROUP BY position, field, alike
