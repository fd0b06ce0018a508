-- Cumulative dose: the lifetime sum of what was administered up to the anchor date, in mg.

CREATE OR REPLACE TABLE med_amount AS
SELECT
    request, family, patient, fact, surely, pattern, start_low, start_high, end_low, end_high,
    period_low, period_high, period_den, weight_day, height_day,
    scale_low(day_low, by_low, 1000000000) AS day_low,
    scale_high(day_high, by_high, 1000000000) AS day_high
FROM med_reference_amount
WHERE family <> 'elig:DoseRun';

-- Days from the start to the last day that counts, at least and at most (NULL = unbounded); no row for
-- a use that surely starts after the anchor. When the start surely lies before the anchor, the first
-- day counts even where start and end are not known to the day.
CREATE OR REPLACE TABLE med_cumulative_use AS
SELECT
    y.request, y.patient, y.fact, y.weight_day, y.height_day,
    scale_low(y.day_low, CASE WHEN y.surely THEN y.sure_count END, 1) AS low,
    scale_high(y.day_high, y.count, 1) AS high
FROM (
SELECT
    x.*,
    CASE x.pattern WHEN 'single' THEN CASE WHEN x.sure_span IS NOT NULL THEN 1 END
                   WHEN 'daily' THEN x.sure_span + 1
                   WHEN 'cyclic' THEN div_floor(x.sure_span * x.period_den, x.period_high) + 1 END AS sure_count,
    CASE x.pattern WHEN 'single' THEN 1
                   WHEN 'daily' THEN x.span + 1
                   WHEN 'cyclic' THEN div_floor(x.span * x.period_den, x.period_low) + 1 END AS count
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
) AS x
) AS y;

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
SELECT patient, request, fact FROM med_cumulative_use WHERE fact IS NOT NULL
UNION
SELECT m.patient, m.request, m.fact
FROM med_merged AS m
JOIN anchor_date AS a ON a.patient = m.patient AND a.anchor = m.anchor
WHERE m.family = 'elig:CumulativeDose' AND (m.start_low IS NULL OR a.high IS NULL OR m.start_low <= a.high)
UNION
SELECT c.patient, c.request, f.fact
FROM (
    SELECT patient, request, weight_day, height_day FROM med_cumulative_use
    UNION
    SELECT patient, request, weight_day, height_day FROM med_merged WHERE family = 'elig:CumulativeDose'
) AS c
JOIN med_body_fact AS f
    ON f.patient = c.patient
   AND ((f.kind = 'concept:BodyWeight' AND f.day = c.weight_day)
        OR (f.kind = 'concept:BodyHeight' AND f.day = c.height_day));
