-- Cumulative dose: the lifetime sum of what was administered up to the anchor date, in mg.

-- Amount of each use on a day of administration, in grains of mg of the reference substance, with the
-- weight and height nearest to its first day.
CREATE OR REPLACE TABLE med_amount AS
SELECT
    c.request, c.family, c.patient, c.fact,
    c.surely AND u.certain AND NOT u.maybe_as_needed AS surely,
    u.pattern, u.start_low, u.start_high, u.end_low, u.end_high, u.period_low, u.period_high, u.period_den,
    CASE u.basis
        WHEN 'kg' THEN scale_low(scale_low(u.day_low, c.low_num, c.low_den), COALESCE(w.low, d.low), 1000000000)
        WHEN 'm2' THEN scale_low(scale_low(u.day_low, c.low_num, c.low_den),
            root_floor(div_floor(h.low * COALESCE(w.low, d.low), 3600)), 1000000000)
        ELSE scale_low(u.day_low, c.low_num, c.low_den) END AS day_low,
    CASE u.basis
        WHEN 'kg' THEN scale_high(scale_high(u.day_high, c.high_num, c.high_den), COALESCE(w.high, d.high), 1000000000)
        WHEN 'm2' THEN scale_high(scale_high(u.day_high, c.high_num, c.high_den),
            root_ceil(div_ceil(h.high * COALESCE(w.high, d.high), 3600)), 1000000000)
        ELSE scale_high(u.day_high, c.high_num, c.high_den) END AS day_high,
    w.day AS weight_day, h.day AS height_day
FROM med_request_use AS c
JOIN med_request AS r ON r.request = c.request
JOIN med_use AS u ON u.fact = c.fact AND u.patient = c.patient
CROSS JOIN med_weight_rule AS d
LEFT JOIN med_body AS w
    ON u.basis IN ('kg', 'm2') AND w.patient = u.patient AND w.kind = 'concept:BodyWeight'
   AND u.start_low = u.start_high AND u.start_low BETWEEN w.first_day AND w.last_day
   AND ABS(days_between(w.day, u.start_low)) <= COALESCE(r.weight_window, d.window_days)
LEFT JOIN med_body AS h
    ON u.basis = 'm2' AND h.patient = u.patient AND h.kind = 'concept:BodyHeight'
   AND u.start_low = u.start_high AND u.start_low BETWEEN h.first_day AND h.last_day
WHERE c.family IN ('elig:CumulativeDose', 'elig:DoseReached');

-- Days from the start to the last day that counts, at least and at most (NULL = unbounded); no row for
-- a use that surely starts after the anchor. When the start surely lies before the anchor, the first
-- day counts even where start and end are not known to the day.
CREATE OR REPLACE TABLE med_cumulative_use AS
SELECT
    x.request, x.patient, x.fact, x.weight_day, x.height_day,
    CASE
        WHEN NOT x.surely OR x.sure_span IS NULL THEN CAST(0 AS HUGEINT)
        WHEN x.pattern = 'single' THEN x.day_low
        WHEN x.pattern = 'daily' THEN scale_low(x.day_low, x.sure_span + 1, 1)
        WHEN x.pattern = 'cyclic'
            THEN scale_low(x.day_low, div_floor(x.sure_span * x.period_den, x.period_high) + 1, 1)
        ELSE CAST(0 AS HUGEINT) END AS low,
    CASE
        WHEN x.pattern = 'single' THEN x.day_high
        WHEN x.pattern = 'daily' THEN scale_high(x.day_high, x.span + 1, 1)
        WHEN x.pattern = 'cyclic'
            THEN scale_high(x.day_high, div_floor(x.span * x.period_den, x.period_low) + 1, 1) END AS high
FROM (
    SELECT
        m.*,
        CASE WHEN m.start_high <= a.low
             THEN GREATEST(days_between(m.start_high, LEAST(COALESCE(m.end_low, m.start_high), a.low)), 0) END AS sure_span,
        CASE WHEN m.start_low IS NOT NULL AND (m.end_high IS NOT NULL OR a.high IS NOT NULL)
             THEN days_between(m.start_low, LEAST(m.end_high, a.high)) END AS span
    FROM med_amount AS m
    JOIN med_request AS r ON r.request = m.request
    JOIN anchor_date AS a ON a.patient = m.patient AND a.anchor = r.anchor
    WHERE m.family = 'elig:CumulativeDose'
      AND (m.start_low IS NULL OR a.high IS NULL OR m.start_low <= a.high)
) AS x;

INSERT INTO measurement
SELECT
    s.patient, r.request,
    COALESCE(as_low(div_floor(c.low, grains())), as_low(CAST(0 AS HUGEINT))),
    CASE WHEN k.request IS NULL THEN NULL
         WHEN c.request IS NULL THEN as_high(CAST(0 AS HUGEINT))
         ELSE as_high(div_ceil(c.high, grains())) END,
    NULL
FROM screening AS s
CROSS JOIN med_request AS r
LEFT JOIN (
    SELECT request, patient, SUM(low) AS low, CASE WHEN COUNT(*) = COUNT(high) THEN SUM(high) END AS high
    FROM med_cumulative_use
    GROUP BY request, patient
) AS c ON c.patient = s.patient AND c.request = r.request
LEFT JOIN med_complete AS k ON k.patient = s.patient AND k.request = r.request
WHERE r.family = 'elig:CumulativeDose';

INSERT INTO measurement_source
SELECT patient, request, fact FROM med_cumulative_use
UNION
SELECT c.patient, c.request, f.fact
FROM med_cumulative_use AS c
JOIN med_body_fact AS f
    ON f.patient = c.patient
   AND ((f.kind = 'concept:BodyWeight' AND f.day = c.weight_day)
        OR (f.kind = 'concept:BodyHeight' AND f.day = c.height_day));
