-- Dose runs: consecutive days on each of which the amount taken is at or above a dose per kilogram.
--
-- A day counts what is taken on that day; nothing is averaged. The weight is the one nearest to the
-- first day of the run. Runs are computed twice, from what is surely taken and from what may be taken:
-- where both agree the run is exact, else only bounds of its length and its end are given.

-- Contributions to the daily amount: mg, and mg per kilogram, in grains. Above the caps nothing more
-- is distinguished, so that products with a weight fit in 128 bits.
CREATE OR REPLACE TABLE med_run_use AS
SELECT
    x.*,
    a.low AS anchor_low, COALESCE(a.high, DATE '9999-12-31') AS anchor_high,
    CASE WHEN x.basis = 'kg' THEN CAST(0 AS HUGEINT) ELSE LEAST(x.low, 10000000000000000000000) END AS mg_low,
    CASE WHEN x.basis = 'kg' THEN CAST(0 AS HUGEINT) ELSE x.high END AS mg_high,
    CASE WHEN x.basis = 'kg' THEN LEAST(x.low, 10000000000000000000000) ELSE CAST(0 AS HUGEINT) END AS kg_low,
    CASE WHEN x.basis = 'kg' THEN x.high ELSE CAST(0 AS HUGEINT) END AS kg_high
FROM (
    SELECT
        m.request, m.patient, m.fact, m.surely, m.basis, m.pattern, m.blurred_start, m.blurred_end,
        m.start_low, m.start_high, m.end_low, m.end_high, m.period_low, m.period_high, m.period_den,
        scale_low(m.day_low, CASE WHEN m.basis = 'm2' THEN m.by_low ELSE 1000000000 END, 1000000000) AS low,
        scale_high(m.day_high, CASE WHEN m.basis = 'm2' THEN m.by_high ELSE 1000000000 END, 1000000000) AS high
    FROM med_reference_amount AS m
    WHERE m.family = 'elig:DoseRun'
) AS x
JOIN med_request AS r ON r.request = x.request
JOIN anchor_date AS a ON a.patient = x.patient AND a.anchor = r.anchor
WHERE x.start_low IS NULL OR a.high IS NULL OR x.start_low <= a.high;

-- Patients whose uses, all taken together, could reach the dose at the lowest weight they may have;
-- nobody else can have a run.
CREATE OR REPLACE TABLE med_run_relevant AS
SELECT u.*
FROM med_run_use AS u
JOIN (
    SELECT x.request, x.patient
    FROM (
        SELECT
            v.request, v.patient, nano(r.minimum_per_kg) * grains() AS minimum,
            COUNT(*) > COUNT(CASE WHEN v.mg_high < 10000000000000000000000
                                       AND v.kg_high < 10000000000000000000000 THEN 1 END) AS unbounded,
            SUM(CASE WHEN v.mg_high < 10000000000000000000000 THEN v.mg_high END) AS mg,
            SUM(CASE WHEN v.kg_high < 10000000000000000000000 THEN v.kg_high END) AS kg
        FROM med_run_use AS v
        JOIN med_request AS r ON r.request = v.request
        GROUP BY v.request, v.patient, r.minimum_per_kg
    ) AS x
    CROSS JOIN med_weight_rule AS d
    LEFT JOIN (
        SELECT patient, MIN(low) AS low FROM med_body WHERE kind = 'concept:BodyWeight' GROUP BY patient
    ) AS w ON w.patient = x.patient
    WHERE x.unbounded OR x.kg >= x.minimum
       OR product(x.mg, 1000000000) >= product(x.minimum - x.kg, LEAST(d.low, COALESCE(w.low, d.low)))
) AS p ON p.request = u.request AND p.patient = u.patient;

-- Stretches of days with their amounts. inexact_start, inexact_end: the day of the change is not known.
CREATE OR REPLACE TABLE med_run_stretch AS
SELECT
    'sure' AS mode, u.request, u.patient,
    plus_days(u.first_day, div_ceil(u.number * u.period_low, u.period_den)) AS first_day,
    plus_days(u.first_day, div_ceil(u.number * u.period_low, u.period_den)) AS last_day,
    FALSE AS inexact_start, FALSE AS inexact_end, u.mg_low AS mg, u.kg_low AS kg
FROM (
    SELECT *, start_low AS first_day, UNNEST(GENERATE_SERIES(0, CAST(div_floor(
        days_between(start_low, LEAST(end_low, anchor_low)) * period_den, period_low) AS INTEGER))) AS number
    FROM med_run_relevant
    WHERE surely AND pattern = 'cyclic' AND start_low = start_high AND period_low = period_high
      AND start_low <= end_low AND start_low <= anchor_low
      AND days_between(start_low, LEAST(end_low, anchor_low)) < 50000
) AS u
UNION ALL
SELECT
    'may', u.request, u.patient,
    plus_days(u.first_day, div_ceil(u.number * u.period_low, u.period_den)),
    plus_days(u.first_day, div_ceil(u.number * u.period_low, u.period_den)),
    FALSE, FALSE, u.mg_high, u.kg_high
FROM (
    SELECT *, start_low AS first_day, UNNEST(GENERATE_SERIES(0, CAST(div_floor(
        days_between(start_low, LEAST(end_high, anchor_high)) * period_den, period_low) AS INTEGER))) AS number
    FROM med_run_relevant
    WHERE pattern = 'cyclic' AND start_low = start_high AND period_low = period_high
      AND days_between(start_low, LEAST(end_high, anchor_high)) < 50000
) AS u
UNION ALL
SELECT
    'sure', u.request, u.patient, u.start_high,
    LEAST(CASE WHEN u.pattern = 'single' THEN u.start_high ELSE u.end_low END, u.anchor_low),
    u.blurred_start OR u.start_low IS DISTINCT FROM u.start_high,
    u.blurred_end OR (u.pattern <> 'single' AND u.end_low IS DISTINCT FROM u.end_high),
    u.mg_low, u.kg_low
FROM med_run_relevant AS u
WHERE u.surely
  AND u.start_high <= u.anchor_low
  AND ((u.pattern = 'daily' AND u.start_high <= u.end_low) OR (u.pattern = 'single' AND u.start_low = u.start_high))
UNION ALL
SELECT
    'may', u.request, u.patient, COALESCE(u.start_low, DATE '0001-01-01'),
    LEAST(CASE WHEN u.pattern = 'single' THEN u.start_high ELSE u.end_high END, u.anchor_high),
    u.blurred_start OR u.start_low IS DISTINCT FROM u.start_high
        OR u.pattern = 'cyclic',
    u.blurred_end OR (u.pattern <> 'single' AND u.end_low IS DISTINCT FROM u.end_high),
    u.mg_high, u.kg_high
FROM med_run_relevant AS u
WHERE u.pattern <> 'cyclic'
   OR NOT COALESCE(u.start_low = u.start_high AND u.period_low = u.period_high
                   AND days_between(u.start_low, LEAST(u.end_high, u.anchor_high)) < 50000, FALSE);

-- Changes of the daily amount by day, both bounds together so that both share the same segments.
CREATE OR REPLACE TABLE med_run_change AS
SELECT
    request, patient, day,
    SUM(mg_low) AS mg_low, SUM(kg_low) AS kg_low, SUM(mg_high) AS mg_high, SUM(kg_high) AS kg_high,
    SUM(unbounded) AS unbounded, MAX(inexact) AS inexact
FROM (
    SELECT
        s.request, s.patient,
        CASE WHEN e.sign = 1 THEN s.first_day ELSE plus_days(s.last_day, 1) END AS day,
        CASE WHEN s.mode = 'sure' THEN e.sign * s.mg ELSE CAST(0 AS HUGEINT) END AS mg_low,
        CASE WHEN s.mode = 'sure' THEN e.sign * s.kg ELSE CAST(0 AS HUGEINT) END AS kg_low,
        CASE WHEN s.mode = 'may' AND NOT s.unbounded THEN e.sign * s.mg ELSE CAST(0 AS HUGEINT) END AS mg_high,
        CASE WHEN s.mode = 'may' AND NOT s.unbounded THEN e.sign * s.kg ELSE CAST(0 AS HUGEINT) END AS kg_high,
        CASE WHEN s.mode = 'may' AND s.unbounded THEN e.sign ELSE 0 END AS unbounded,
        CASE WHEN e.sign = 1 AND s.inexact_start THEN 1 WHEN e.sign = -1 AND s.inexact_end THEN 1
             ELSE 0 END AS inexact
    FROM (
        SELECT *, NOT COALESCE(mg < 10000000000000000000000 AND kg < 10000000000000000000000, FALSE)
                AND mode = 'may' AS unbounded
        FROM med_run_stretch
    ) AS s
    CROSS JOIN (VALUES (1), (-1)) AS e(sign)
    WHERE e.sign = 1 OR s.last_day < DATE '9999-12-31'
) AS changes
GROUP BY request, patient, day
HAVING SUM(mg_low) <> 0 OR SUM(kg_low) <> 0 OR SUM(mg_high) <> 0 OR SUM(kg_high) <> 0
    OR SUM(unbounded) <> 0 OR MAX(inexact) = 1;

-- Segments of constant amount with the weight nearest to their first day.
CREATE OR REPLACE TABLE med_run_segment AS
SELECT
    g.request, g.patient, g.day, nano(r.minimum_per_kg) * grains() AS minimum,
    g.mg_low, g.kg_low, g.mg_high, g.kg_high, g.unbounded, g.low_changes,
    COALESCE(w.low, d.low) AS weight_low, COALESCE(w.high, d.high) AS weight_high, w.day AS weight_day,
    COALESCE(a.high, DATE '9999-12-31') AS clip
FROM (
    SELECT
        request, patient, day, inexact, mg_low <> 0 OR kg_low <> 0 AS low_changes,
        SUM(mg_low) OVER so_far AS mg_low, SUM(kg_low) OVER so_far AS kg_low,
        SUM(mg_high) OVER so_far AS mg_high, SUM(kg_high) OVER so_far AS kg_high,
        SUM(unbounded) OVER so_far AS unbounded
    FROM med_run_change
    WINDOW so_far AS (PARTITION BY request, patient ORDER BY day
                      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
) AS g
JOIN med_request AS r ON r.request = g.request
JOIN anchor_date AS a ON a.patient = g.patient AND a.anchor = r.anchor
CROSS JOIN med_weight_rule AS d
LEFT JOIN med_body AS w
    ON g.inexact = 0 AND w.patient = g.patient AND w.kind = 'concept:BodyWeight'
   AND g.day BETWEEN w.first_day AND w.last_day
   AND ABS(days_between(w.day, g.day)) <= COALESCE(r.weight_window, d.window_days)
WHERE g.day <= COALESCE(a.high, DATE '9999-12-31');

-- Segments a run can start with, in each mode. mg + (per kg - minimum) x weight is linear in the
-- weight: for a sure run it must not be negative at either end, for a possible one at one of them. A
-- sure run starts only where what is surely taken changes.
CREATE OR REPLACE TABLE med_run_candidate AS
SELECT 'sure' AS mode, request, patient, day, weight_low, weight_high, weight_day, minimum, clip
FROM med_run_segment
WHERE low_changes
  AND mg_low * 1000000000 + (kg_low - minimum) * weight_low >= 0
  AND mg_low * 1000000000 + (kg_low - minimum) * weight_high >= 0
UNION ALL
SELECT 'may', request, patient, day, weight_low, weight_high, weight_day, minimum, clip
FROM med_run_segment
WHERE unbounded > 0
   OR mg_high * 1000000000 + (kg_high - minimum) * weight_low >= 0
   OR mg_high * 1000000000 + (kg_high - minimum) * weight_high >= 0;

-- Each candidate lasts until the first later segment below the dose at the candidate's own weight.
-- Those within an earlier-starting one are dropped.
CREATE OR REPLACE TABLE med_run AS
SELECT mode, request, patient, first_day, last_day, weight_day
FROM (
    SELECT
        *,
        MAX(last_day) OVER (PARTITION BY mode, request, patient ORDER BY first_day
                            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reached
    FROM (
        SELECT
            c.mode, c.request, c.patient, c.day AS first_day, c.weight_day,
            LEAST(COALESCE(plus_days(MIN(g.day), -1), c.clip), c.clip) AS last_day
        FROM med_run_candidate AS c
        LEFT JOIN med_run_segment AS g
            ON g.request = c.request AND g.patient = c.patient AND g.day > c.day
           AND ((c.mode = 'sure'
                 AND (g.mg_low * 1000000000 + (g.kg_low - c.minimum) * c.weight_low < 0
                      OR g.mg_low * 1000000000 + (g.kg_low - c.minimum) * c.weight_high < 0))
                OR (c.mode = 'may' AND g.unbounded = 0
                    AND g.mg_high * 1000000000 + (g.kg_high - c.minimum) * c.weight_low < 0
                    AND g.mg_high * 1000000000 + (g.kg_high - c.minimum) * c.weight_high < 0))
        GROUP BY c.mode, c.request, c.patient, c.day, c.weight_day, c.clip
    ) AS extended
) AS ordered
WHERE reached IS NULL OR reached < last_day;

-- Runs as facts. exact: the possible run is a sure run of the same days.
CREATE OR REPLACE TABLE med_run_fact AS
SELECT
    m.request, m.patient, m.first_day, m.last_day, m.weight_day,
    m.patient || '/' || REGEXP_REPLACE(m.request, '^.*[:/#]', '') || '/'
        || CAST(m.first_day AS VARCHAR) || '/' || CAST(m.last_day AS VARCHAR) AS fact,
    MAX(CASE WHEN s.first_day = m.first_day AND s.last_day = m.last_day THEN 1 ELSE 0 END) = 1 AS exact,
    MAX(days_between(s.first_day, s.last_day) + 1) AS sure_length
FROM med_run AS m
LEFT JOIN med_run AS s
    ON s.mode = 'sure' AND s.request = m.request AND s.patient = m.patient
   AND s.first_day >= m.first_day AND s.last_day <= m.last_day
WHERE m.mode = 'may'
GROUP BY m.request, m.patient, m.first_day, m.last_day, m.weight_day;

INSERT INTO derived_fact
SELECT f.patient, f.request, f.fact, r.kind
FROM med_run_fact AS f
JOIN med_request AS r ON r.request = f.request;

INSERT INTO complete
SELECT DISTINCT c.patient, r.request, 'elig:Anything'
FROM med_request AS r
JOIN complete AS c ON c.relation = r.base_relation AND c.kind IN (r.kind, 'elig:Anything')
WHERE r.family = 'elig:DoseRun';

INSERT INTO fact_attribute
SELECT
    f.patient, f.fact, 'elig:lengthDays',
    CAST(COALESCE(f.sure_length, 0) AS DECIMAL(18, 9)),
    CASE WHEN f.first_day > DATE '0001-01-01' AND f.last_day < DATE '9999-12-31'
         THEN CAST(days_between(f.first_day, f.last_day) + 1 AS DECIMAL(18, 9)) END,
    NULL
FROM med_run_fact AS f;

INSERT INTO fact_attribute
SELECT
    f.patient, f.fact, 'elig:endDaysBeforeScreening',
    CAST(days_between(f.last_day, s.screening) AS DECIMAL(18, 9)),
    CASE WHEN f.exact THEN CAST(days_between(f.last_day, s.screening) AS DECIMAL(18, 9))
         WHEN f.first_day > DATE '0001-01-01'
         THEN CAST(days_between(f.first_day, s.screening) AS DECIMAL(18, 9)) END,
    NULL
FROM med_run_fact AS f
JOIN screening AS s ON s.patient = f.patient;

-- The further attributes that a run relation declares.
CREATE OR REPLACE TABLE med_run_attribute AS
SELECT
    h.subject AS request, h.object AS node,
    MAX(CASE WHEN p.predicate = 'elig:family' THEN p.object END) AS family,
    MAX(CASE WHEN p.predicate = 'elig:attribute' THEN p.object END) AS attribute,
    MAX(CASE WHEN p.predicate = 'elig:relativeAttribute' THEN p.object END) AS relative,
    MAX(CASE WHEN p.predicate = 'elig:ofKind' THEN p.object END) AS kind,
    MAX(CASE WHEN p.predicate = 'elig:ofMeasure' THEN p.object END) AS measure,
    CAST(MAX(CASE WHEN p.predicate = 'elig:beforeDays' THEN p.object END) AS INTEGER) AS before_days,
    CAST(MAX(CASE WHEN p.predicate = 'elig:afterDays' THEN p.object END) AS INTEGER) AS after_days,
    CAST(MAX(CASE WHEN p.predicate = 'elig:recentDays' THEN p.object END) AS INTEGER) AS recent_days
FROM v_triple AS h
JOIN v_triple AS p ON p.subject = h.object
WHERE h.predicate = 'elig:hasRunAttribute'
GROUP BY h.subject, h.object;

-- Overlap: days of the run on which the other drug was taken as well. With an incomplete list of that
-- drug there may be more.
INSERT INTO fact_attribute
SELECT
    f.patient, f.fact, a.attribute,
    CAST(COALESCE(SUM(CASE WHEN e.mode = 'sure' THEN days_between(
        GREATEST(e.first_day, f.first_day), LEAST(e.last_day, f.last_day)) + 1 END), 0) AS DECIMAL(18, 9)),
    CASE WHEN MAX(k.request) IS NOT NULL
         THEN CAST(COALESCE(SUM(CASE WHEN e.mode = 'may' THEN days_between(
             GREATEST(e.first_day, f.first_day), LEAST(e.last_day, f.last_day)) + 1 END), 0) AS DECIMAL(18, 9)) END,
    NULL
FROM med_run_fact AS f
JOIN med_run_attribute AS a ON a.request = f.request AND a.family = 'elig:Overlap'
LEFT JOIN med_exposed AS e
    ON e.request = a.node AND e.patient = f.patient
   AND e.first_day <= f.last_day AND e.last_day >= f.first_day
LEFT JOIN med_complete AS k ON k.request = a.node AND k.patient = f.patient
WHERE f.exact
GROUP BY f.patient, f.fact, a.attribute;

-- Values by day for the changes across a run. A value without an exact day is not used; several values
-- of one day span an interval. A value that cannot be read, or is not in a unit of its test, holds its place
-- without bounds: an older value must not decide in its stead.
CREATE OR REPLACE TABLE med_run_unit AS
SELECT DISTINCT below.concept, unit.canonical
FROM v_triple AS preferred
JOIN v_unit AS unit ON unit.unit = preferred.object
JOIN v_below AS below ON below.kind = preferred.subject
WHERE preferred.predicate = 'elig:preferredUnit';

CREATE OR REPLACE TABLE med_run_value_fact AS
SELECT
    a.node, f.patient, f.fact, f.start_low AS day,
    CASE WHEN u.canonical IS NULL OR u.canonical = q.unit THEN q.low END AS low,
    CASE WHEN u.canonical IS NULL OR u.canonical = q.unit THEN q.high END AS high
FROM med_run_attribute AS a
JOIN v_below AS b ON b.kind = a.kind
JOIN fact AS f ON f.relation = 'elig:hasObservation' AND f.concept = b.concept
LEFT JOIN d_quantity AS q ON q.fact = f.fact AND q.property = 'elig:quantity'
LEFT JOIN med_run_unit AS u ON u.concept = f.concept
JOIN (SELECT DISTINCT request, patient FROM med_run_fact WHERE exact) AS p
    ON p.request = a.request AND p.patient = f.patient
WHERE a.family = 'elig:ValueChange' AND f.start_low = f.start_high AND NOT COALESCE(f.planned, FALSE)
UNION ALL
SELECT a.node, e.patient, e.fact, e.date, e.low, e.high
FROM med_run_attribute AS a
JOIN (SELECT DISTINCT request, patient FROM med_run_fact WHERE exact) AS p ON p.request = a.request
JOIN egfr_sample AS e ON e.patient = p.patient
WHERE a.family = 'elig:ValueChange' AND a.kind IS NULL AND a.measure IS NOT NULL
  AND e.date = e.date_high;

CREATE OR REPLACE TABLE med_run_value AS
SELECT
    node, patient, day,
    CASE WHEN COUNT(*) = COUNT(low) THEN MIN(low) END AS low,
    CASE WHEN COUNT(*) = COUNT(high) THEN MAX(high) END AS high
FROM med_run_value_fact
GROUP BY node, patient, day;

-- The last value by the first day of the run, and the latest late enough after it.
CREATE OR REPLACE TABLE med_run_pair AS
SELECT
    f.patient, f.fact, a.node, a.attribute, a.relative,
    MAX(CASE WHEN v.day <= f.first_day
              AND days_between(v.day, f.first_day) <= COALESCE(a.before_days, 1000000) THEN v.day END) AS before_day,
    MAX(CASE WHEN days_between(f.first_day, v.day) >= COALESCE(a.after_days, 0)
              AND v.day > f.first_day AND v.day <= d.low
              AND days_between(v.day, d.low) <= COALESCE(a.recent_days, 1000000) THEN v.day END) AS after_day
FROM med_run_fact AS f
JOIN med_request AS r ON r.request = f.request
JOIN anchor_date AS d ON d.patient = f.patient AND d.anchor = r.anchor
JOIN med_run_attribute AS a ON a.request = f.request AND a.family = 'elig:ValueChange'
JOIN med_run_value AS v ON v.node = a.node AND v.patient = f.patient
WHERE f.exact
GROUP BY f.patient, f.fact, a.node, a.attribute, a.relative;

CREATE OR REPLACE TABLE med_run_difference AS
SELECT
    p.patient, p.fact, p.node, p.attribute, p.relative, p.before_day, p.after_day,
    nano(b.low) AS before_low, nano(b.high) AS before_high,
    -- Two estimates that round to the same narrow interval come from the same inputs: no change.
    CASE WHEN b.low = e.low AND b.high = e.high AND nano(b.high) - nano(b.low) <= 10 THEN 0
         ELSE nano(e.low) - nano(b.high) END AS low,
    CASE WHEN b.low = e.low AND b.high = e.high AND nano(b.high) - nano(b.low) <= 10 THEN 0
         ELSE nano(e.high) - nano(b.low) END AS high
FROM med_run_pair AS p
JOIN med_run_value AS b ON b.node = p.node AND b.patient = p.patient AND b.day = p.before_day
JOIN med_run_value AS e ON e.node = p.node AND e.patient = p.patient AND e.day = p.after_day
WHERE COALESCE(b.low, b.high) IS NOT NULL AND COALESCE(e.low, e.high) IS NOT NULL;

INSERT INTO fact_attribute
SELECT patient, fact, attribute, as_low(low), as_high(high), NULL
FROM med_run_difference
WHERE attribute IS NOT NULL;

-- Relative change in percent of the value before: (after / before - 1) x 100.
INSERT INTO fact_attribute
SELECT
    patient, fact, relative,
    as_low(div_floor(low * 100000000000, before_high)),
    CASE WHEN before_low > 0 THEN as_high(div_ceil(high * 100000000000, before_low)) END,
    NULL
FROM med_run_difference
WHERE relative IS NOT NULL AND before_high > 0;

INSERT INTO fact_source
SELECT DISTINCT f.patient, f.fact, u.fact
FROM med_run_fact AS f
JOIN med_run_use AS u ON u.request = f.request AND u.patient = f.patient
WHERE u.fact IS NOT NULL
  AND (u.start_low IS NULL OR u.start_low <= f.last_day) AND (u.end_high IS NULL OR u.end_high >= f.first_day)
UNION
SELECT f.patient, f.fact, m.fact
FROM med_run_fact AS f
JOIN med_merged AS m ON m.request = f.request AND m.patient = f.patient
WHERE (m.start_low IS NULL OR m.start_low <= f.last_day) AND (m.end_high IS NULL OR m.end_high >= f.first_day)
UNION
SELECT f.patient, f.fact, w.fact
FROM med_run_fact AS f
JOIN med_body_fact AS w ON w.patient = f.patient AND w.kind = 'concept:BodyWeight' AND w.day = f.weight_day
UNION
SELECT f.patient, f.fact, m.fact
FROM med_run_fact AS f
JOIN med_run_attribute AS a ON a.request = f.request AND a.family = 'elig:Overlap'
JOIN med_stretch AS m ON m.request = a.node AND m.patient = f.patient
WHERE f.exact AND m.first_day <= f.last_day
  AND plus_days(LEAST(m.last_day, DATE '9000-01-01'), COALESCE(m.course_tail, 0) + COALESCE(m.course_gap, 0))
      >= f.first_day
UNION
SELECT x.patient, x.fact, v.fact
FROM med_run_difference AS x
JOIN med_run_value_fact AS v
    ON v.node = x.node AND v.patient = x.patient AND v.day IN (x.before_day, x.after_day);
