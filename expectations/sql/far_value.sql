-- The values of `peer_value` that are far from the usual one, `usual`: `kind` is peers, own, share or all.
CREATE OR REPLACE TEMP TABLE far_value (
    section VARCHAR, position BIGINT, row INTEGER, field VARCHAR, kind VARCHAR, usual DOUBLE, measure DOUBLE, row_count BIGINT);

-- Whether a value is `factor` times the median of its peers, or more, and more than `spreads` robust standard deviations
-- above it. `quartiles` are those of the peers. The scale is logarithmic (of the value and one, for the sake of 0): a slipped
-- digit is as far above the value as a lost one is below it. 0.6745 deviations lie between the median and a quartile.
CREATE OR REPLACE TEMP MACRO is_far_above(value, quartiles, factor, spreads, floor) AS
    value >= factor * greatest(quartiles[2], floor)
    AND ln((1 + value) / (1 + quartiles[2])) > spreads * ln((1 + quartiles[3]) / (1 + quartiles[2])) / 0.6745;

-- The same below it; 0 is a number of its own, not a lost digit.
CREATE OR REPLACE TEMP MACRO is_far_below(value, quartiles, factor, spreads) AS
    value > 0 AND value * factor <= quartiles[2] AND quartiles[2] >= 2 * factor
    AND ln((1 + quartiles[2]) / (1 + value)) > spreads * ln((1 + quartiles[2]) / (1 + quartiles[1])) / 0.6745
