-- Exposure: the union of the days of use, any dose, overlaps counted once.
--
-- Rows come in two modes: 'sure' for the days that are surely covered and 'may' for those that may be.
-- An unbounded beginning is the day 0001-01-01. An order without a schedule says nothing for sure beside
-- the administrations that are based on it.

-- Which stretches of days each use contributes. With courses declared, single and cyclic
-- administrations are kept as doses (is_dose) and grouped into courses below.
CREATE OR REPLACE TABLE med_stretch AS
SELECT
    x.request, x.patient, x.fact, 'sure' AS mode, x.pattern,
    x.start_high AS first_day, LEAST(x.end_low, x.anchor_low) AS last_day,
    x.in_courses AND x.pattern IN ('single', 'cyclic') AS is_dose, TRUE AS exact_start,
    x.period_low, x.period_high, x.period_den, x.course_gap, x.course_tail,
    x.anchor_low AS clip
FROM (
    SELECT
        c.request, c.patient, c.fact, u.pattern,
        c.surely AND u.certain AND NOT u.maybe_as_needed AND NOT COALESCE(q.beside_acts, FALSE) AS surely,
        u.start_low, u.start_high, u.end_low, u.end_high, u.period_low, u.period_high, u.period_den,
        r.course_gap IS NOT NULL AS in_courses, r.course_gap, r.course_tail,
        a.low AS anchor_low
    FROM med_request_use AS c
    JOIN med_request AS r ON r.request = c.request
    JOIN med_use AS u ON u.fact = c.fact AND u.patient = c.patient
    JOIN anchor_date AS a ON a.patient = u.patient AND a.anchor = r.anchor
    LEFT JOIN med_silent AS q ON q.fact = u.fact AND q.patient = u.patient
    WHERE c.family IN ('elig:ExposureDays', 'elig:ExposureReached', 'elig:Overlap')
      AND NOT u.as_needed
) AS x
WHERE x.surely
  AND x.start_high <= x.end_low
  AND x.start_high <= x.anchor_low
  AND NOT (x.in_courses AND x.pattern = 'unknown')
  AND NOT (x.in_courses AND x.pattern IN ('single', 'cyclic') AND x.start_low IS DISTINCT FROM x.start_high)
UNION ALL
SELECT
    c.request, c.patient, c.fact, 'may' AS mode, u.pattern,
    COALESCE(u.start_low, DATE '0001-01-01') AS first_day,
    LEAST(CASE WHEN u.pattern = 'single' THEN u.start_high ELSE u.end_high END,
          COALESCE(a.high, DATE '9999-12-31')) AS last_day,
    r.course_gap IS NOT NULL AND u.pattern <> 'daily' AS is_dose,
    COALESCE(u.start_low = u.start_high, FALSE) AS exact_start,
    u.period_low, u.period_high, u.period_den, r.course_gap, r.course_tail,
    COALESCE(a.high, DATE '9999-12-31') AS clip
FROM med_request_use AS c
JOIN med_request AS r ON r.request = c.request
JOIN med_use AS u ON u.fact = c.fact AND u.patient = c.patient
JOIN anchor_date AS a ON a.patient = u.patient AND a.anchor = r.anchor
WHERE c.family IN ('elig:ExposureDays', 'elig:ExposureReached', 'elig:Overlap')
  AND NOT u.as_needed
  AND (u.start_low IS NULL OR a.high IS NULL OR u.start_low <= a.high);

-- Doses one by one. A cyclic order with an exact start falls on the first day of each period, at most
-- a lifetime of them; where start or period is not exact the whole stretch may be dose days.
CREATE OR REPLACE TABLE med_dose_day AS
SELECT
    request, patient, mode, course_gap, course_tail, clip,
    plus_days(first_day, div_ceil(number * period_low, period_den)) AS first_day,
    plus_days(first_day, div_ceil(number * period_low, period_den)) AS last_day
FROM (
    SELECT *, UNNEST(GENERATE_SERIES(0, CAST(
        div_floor(days_between(first_day, last_day) * period_den, period_low) AS INTEGER))) AS number
    FROM med_stretch
    WHERE is_dose AND pattern = 'cyclic' AND exact_start AND period_low = period_high
      AND days_between(first_day, last_day) < 50000
) AS d
UNION ALL
SELECT
    request, patient, mode, course_gap, course_tail, clip,
    first_day, CASE WHEN mode = 'sure' THEN first_day ELSE last_day END
FROM med_stretch
WHERE is_dose
  AND NOT (pattern = 'cyclic' AND exact_start AND period_low = period_high
           AND days_between(first_day, last_day) < 50000);

-- Courses: doses no further apart than the gap; exposed from the first dose to the last plus the tail.
-- Two windows over the same rows must see one order, so equal rows (the same dose in two records) are made
-- one before them: a tie broken differently by each would put a dose into the course before the gap.
CREATE OR REPLACE TABLE med_course AS
SELECT
    request, patient, mode, MIN(first_day) AS first_day,
    LEAST(CASE WHEN MAX(last_day) > DATE '9999-01-01' THEN MAX(last_day)
               ELSE plus_days(MAX(last_day), MAX(course_tail)) END, MAX(clip)) AS last_day
FROM (
    SELECT *, SUM(new_course) OVER (PARTITION BY request, patient, mode ORDER BY first_day, last_day
                                    ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS course
    FROM (
        SELECT
            *,
            CASE WHEN days_between(
                          MAX(last_day) OVER (PARTITION BY request, patient, mode ORDER BY first_day, last_day
                                              ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
                          first_day) <= course_gap THEN 0 ELSE 1 END AS new_course
        FROM (
            SELECT DISTINCT request, patient, mode, course_gap, course_tail, clip, first_day, last_day
            FROM med_dose_day
        ) AS doses
    ) AS marked
) AS numbered
GROUP BY request, patient, mode, course;

-- Disjoint stretches of exposed days. Rows are distinct before the windows, for the reason above.
CREATE OR REPLACE TABLE med_exposed AS
SELECT request, patient, mode, MIN(first_day) AS first_day, MAX(last_day) AS last_day
FROM (
    SELECT *, SUM(new_island) OVER (PARTITION BY request, patient, mode ORDER BY first_day, last_day
                                    ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS island
    FROM (
        SELECT
            *,
            CASE WHEN days_between(
                          MAX(last_day) OVER (PARTITION BY request, patient, mode ORDER BY first_day, last_day
                                              ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
                          first_day) <= 1 THEN 0 ELSE 1 END AS new_island
        FROM (
            SELECT request, patient, mode, first_day, last_day FROM med_stretch WHERE NOT is_dose
            UNION
            SELECT request, patient, mode, first_day, last_day FROM med_course
        ) AS stretches
    ) AS marked
) AS numbered
GROUP BY request, patient, mode, island;

INSERT INTO measurement
SELECT
    s.patient, r.request,
    COALESCE(CAST(e.sure_days AS DECIMAL(18, 9)), 0),
    CASE WHEN k.request IS NULL OR e.unbounded = 1 THEN NULL
         ELSE COALESCE(CAST(e.may_days AS DECIMAL(18, 9)), 0) END,
    NULL
FROM screening AS s
CROSS JOIN med_request AS r
LEFT JOIN (
    SELECT
        request, patient,
        SUM(CASE WHEN mode = 'sure' THEN days_between(first_day, last_day) + 1 ELSE 0 END) AS sure_days,
        SUM(CASE WHEN mode = 'may' THEN days_between(first_day, last_day) + 1 ELSE 0 END) AS may_days,
        MAX(CASE WHEN mode = 'may' AND (first_day = DATE '0001-01-01' OR last_day = DATE '9999-12-31')
                 THEN 1 ELSE 0 END) AS unbounded
    FROM med_exposed
    GROUP BY request, patient
) AS e ON e.patient = s.patient AND e.request = r.request
LEFT JOIN med_complete AS k ON k.patient = s.patient AND k.request = r.request
WHERE r.family = 'elig:ExposureDays';

INSERT INTO measurement_source
SELECT DISTINCT m.patient, m.request, m.fact
FROM med_stretch AS m
JOIN med_request AS r ON r.request = m.request
WHERE r.family = 'elig:ExposureDays';
