-- Of each commune, and of all (unit_code is NULL): the villages of which it is known both whether the head is a Party member
-- and whether the candidate is one; in which of the four ways; the shares of both over these same villages, and by how many
-- percentage points these, as printed, differ.
SELECT unit_code,
       count(*) AS villages_compared,
       count_if(head_change = 'stays') AS heads_stays,
       count_if(head_change = 'gains') AS heads_gains,
       count_if(head_change = 'loses') AS heads_loses,
       count_if(head_change = 'none') AS heads_none,
       avg(CAST(head_is_party AS INTEGER)) AS heads_compared_share,
       avg(CAST(candidate_is_party AS INTEGER)) AS candidates_compared_share,
       CAST(round(100 * CAST(candidates_compared_share AS DECIMAL(18, 15)), 1)
            - round(100 * CAST(heads_compared_share AS DECIMAL(18, 15)), 1) AS DOUBLE) AS heads_change_points
FROM {{ table | identifier }}
WHERE head_change IS NOT NULL
GROUP BY GROUPING SETS ((unit_code), ())
