-- Events: when a dose or an exposure was reached, when a drug was first used, and the latest of several
-- events; then, for facts, the days that passed since an event.
--
-- An event has a row only when it surely happened by the anchor. high is the last day on which it can
-- have happened; low the first, NULL where older uses may be missing from the record.

-- Steps and rates of each use that may count towards an amount. Nothing above the amount itself
-- matters, so each is cut there; an unknown amount may be enough at once.
CREATE OR REPLACE TABLE med_increment AS
SELECT
    x.request, x.patient, x.mode, x.pattern, x.first_day, x.last_day, x.goal,
    LEAST(x.amount, x.goal) AS amount, x.period, x.period_den
FROM (
    SELECT
        m.request, m.patient, 'sure' AS mode, m.pattern, m.start_high AS first_day,
        GREATEST(LEAST(COALESCE(m.end_low, m.start_high), a.low), m.start_high) AS last_day,
        nano(r.amount) * grains() AS goal, m.day_low AS amount, m.period_high AS period, m.period_den
    FROM med_amount AS m
    JOIN med_request AS r ON r.request = m.request
    JOIN anchor_date AS a ON a.patient = m.patient AND a.anchor = r.anchor
    WHERE m.family = 'elig:DoseReached' AND m.surely AND m.start_high <= a.low AND m.pattern <> 'unknown'
    UNION ALL
    SELECT
        m.request, m.patient, 'may' AS mode,
        CASE WHEN m.day_high IS NULL THEN 'single' ELSE m.pattern END AS pattern,
        COALESCE(m.start_low, DATE '0001-01-01') AS first_day,
        LEAST(m.end_high, COALESCE(a.high, DATE '9999-12-31')) AS last_day,
        nano(r.amount) * grains() AS goal, COALESCE(m.day_high, nano(r.amount) * grains()) AS amount,
        m.period_low AS period, m.period_den
    FROM med_amount AS m
    JOIN med_request AS r ON r.request = m.request
    JOIN anchor_date AS a ON a.patient = m.patient AND a.anchor = r.anchor
    WHERE m.family = 'elig:DoseReached'
      AND (m.start_low IS NULL OR a.high IS NULL OR m.start_low <= a.high)
) AS x;

-- Changes by day: step is added once, rate is added on this day and every day after it.
CREATE OR REPLACE TABLE med_change AS
SELECT request, patient, mode, MAX(goal) AS goal, day, SUM(step) AS step, SUM(rate) AS rate
FROM (
    SELECT request, patient, mode, goal, first_day AS day, amount AS step, CAST(0 AS HUGEINT) AS rate
    FROM med_increment
    WHERE pattern = 'single'
    UNION ALL
    SELECT request, patient, mode, goal, first_day, CAST(0 AS HUGEINT), amount
    FROM med_increment
    WHERE pattern = 'daily'
    UNION ALL
    SELECT request, patient, mode, goal, plus_days(last_day, 1), CAST(0 AS HUGEINT), -amount
    FROM med_increment
    WHERE pattern = 'daily' AND last_day < DATE '9999-12-31'
    UNION ALL
    SELECT request, patient, mode, goal, plus_days(first_day, div_ceil(number * period, period_den)),
           amount, CAST(0 AS HUGEINT)
    FROM (
        SELECT *, UNNEST(GENERATE_SERIES(0, LEAST(CAST(
            div_floor(days_between(first_day, last_day) * period_den, period) AS INTEGER), 50000))) AS number
        FROM med_increment
        WHERE pattern = 'cyclic'
    ) AS doses
) AS changes
GROUP BY request, patient, mode, day;

-- The first day on which the running sum is at the goal.
CREATE OR REPLACE TABLE med_goal_day AS
SELECT request, patient, mode, MIN(reached) AS day
FROM (
    SELECT
        request, patient, mode,
        CASE WHEN before + step + rate >= goal THEN day
             WHEN rate > 0 AND before + step + rate * length >= goal
             THEN plus_days(day, div_ceil(goal - before - step, rate) - 1) END AS reached
    FROM (
        SELECT
            request, patient, mode, goal, day, step, rate, length,
            COALESCE(SUM(step + rate * length) OVER (
                PARTITION BY request, patient, mode ORDER BY day
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before
        FROM (
            SELECT
                request, patient, mode, goal, day, step,
                SUM(rate) OVER (PARTITION BY request, patient, mode ORDER BY day
                                ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS rate,
                COALESCE(days_between(day, LEAD(day) OVER (PARTITION BY request, patient, mode ORDER BY day)),
                         CASE WHEN day < DATE '9999-12-31' THEN days_between(day, DATE '9999-12-31') ELSE 1 END)
                    AS length
            FROM med_change
        ) AS levels
    ) AS sums
) AS crossings
WHERE reached IS NOT NULL
GROUP BY request, patient, mode;

INSERT INTO event
SELECT
    s.patient, s.request,
    CASE WHEN k.request IS NOT NULL AND u.request IS NULL THEN m.day END,
    s.day
FROM med_goal_day AS s
LEFT JOIN med_goal_day AS m ON m.request = s.request AND m.patient = s.patient AND m.mode = 'may'
LEFT JOIN (
    SELECT DISTINCT request, patient FROM med_increment WHERE mode = 'may' AND first_day = DATE '0001-01-01'
) AS u ON u.request = s.request AND u.patient = s.patient
LEFT JOIN med_complete AS k ON k.request = s.request AND k.patient = s.patient
WHERE s.mode = 'sure';

-- The day of exposure number N.
CREATE OR REPLACE TABLE med_nth_day AS
SELECT e.request, e.patient, e.mode, plus_days(e.first_day, r.days - e.before - 1) AS day
FROM (
    SELECT
        *,
        days_between(first_day, last_day) + 1 AS length,
        COALESCE(SUM(days_between(first_day, last_day) + 1) OVER (
            PARTITION BY request, patient, mode ORDER BY first_day
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before
    FROM med_exposed
) AS e
JOIN med_request AS r ON r.request = e.request
WHERE r.family = 'elig:ExposureReached' AND e.before < r.days AND r.days <= e.before + e.length;

INSERT INTO event
SELECT
    s.patient, s.request,
    CASE WHEN k.request IS NOT NULL AND u.request IS NULL THEN m.day END,
    s.day
FROM med_nth_day AS s
LEFT JOIN med_nth_day AS m ON m.request = s.request AND m.patient = s.patient AND m.mode = 'may'
LEFT JOIN (
    SELECT DISTINCT request, patient FROM med_exposed WHERE mode = 'may' AND first_day = DATE '0001-01-01'
) AS u ON u.request = s.request AND u.patient = s.patient
LEFT JOIN med_complete AS k ON k.request = s.request AND k.patient = s.patient
WHERE s.mode = 'sure';

-- First use: the earliest day that surely is one, and the earliest that may be one.
INSERT INTO event
SELECT
    f.patient, f.request,
    CASE WHEN MAX(k.request) IS NOT NULL AND MAX(CASE WHEN f.start_low IS NULL THEN 1 ELSE 0 END) = 0
         THEN MIN(f.start_low) END,
    MIN(CASE WHEN f.surely THEN f.start_high END)
FROM (
    SELECT
        c.patient, c.request, u.start_low, u.start_high,
        c.surely AND u.certain AND NOT u.maybe_as_needed AND NOT COALESCE(q.beside_acts, FALSE)
            AND u.start_high <= a.low AS surely
    FROM med_request_use AS c
    JOIN med_request AS r ON r.request = c.request
    JOIN med_use AS u ON u.fact = c.fact AND u.patient = c.patient
    JOIN anchor_date AS a ON a.patient = u.patient AND a.anchor = r.anchor
    LEFT JOIN med_silent AS q ON q.fact = u.fact AND q.patient = u.patient
    WHERE c.family = 'elig:FirstUse'
      AND (u.start_low IS NULL OR a.high IS NULL OR u.start_low <= a.high)
) AS f
LEFT JOIN med_complete AS k ON k.request = f.request AND k.patient = f.patient
GROUP BY f.patient, f.request
HAVING MIN(CASE WHEN f.surely THEN f.start_high END) IS NOT NULL;

-- The latest of the events that happened.
INSERT INTO event
SELECT e.patient, f.subject, MAX(e.low), MAX(e.high)
FROM v_triple AS f
JOIN v_triple AS o ON o.subject = f.subject AND o.predicate = 'elig:ofEvent'
JOIN event AS e ON e.event = o.object
WHERE f.predicate = 'elig:family' AND f.object = 'elig:LatestOf'
GROUP BY e.patient, f.subject;

-- Days from an event to the start of each fact of a relation; negative before the event.
INSERT INTO fact_attribute
SELECT
    x.patient, x.fact, t.subject,
    CAST(days_between(e.high, x.start_low) AS DECIMAL(18, 9)),
    CAST(days_between(e.low, x.start_high) AS DECIMAL(18, 9)),
    NULL
FROM v_triple AS t
JOIN v_triple AS r ON r.subject = t.subject AND r.predicate = 'elig:onRelation'
JOIN v_triple AS v ON v.subject = t.subject AND v.predicate = 'elig:event'
JOIN event AS e ON e.event = v.object
JOIN fact AS x ON x.patient = e.patient AND x.relation = r.object
WHERE t.predicate = 'elig:family' AND t.object = 'elig:EventInterval'
  AND x.start_low IS NOT NULL;
