-- Records that share an exposure are combined day by day, and take their place as stretches of days with
-- known ends.
--
-- Of the accounts of one exposure any may be right. On a day that a record surely covers, at least the
-- least amount of an account is taken, at most the greatest. Exposures that may be one count once in the
-- lower bound, by the least account of a kind, and each for itself in the upper bound.

-- What is combined: two or more records of a group that a request counts.
CREATE OR REPLACE TABLE med_merged_fact AS
SELECT x.request, x.family, s.*
FROM (
    SELECT request, 'elig:CurrentDailyDose' AS family, patient, fact FROM med_current_stated
    UNION
    SELECT request, family, patient, fact FROM med_reference_stated
) AS x
JOIN med_shared AS s ON s.fact = x.fact AND s.patient = x.patient
QUALIFY COUNT(*) OVER (PARTITION BY x.request, x.patient, s.grp) > 1;

-- The days of each record: sure = surely covered; a dose is a day of an administration. Of single doses
-- that repeat each other those whose turn comes first count.
CREATE OR REPLACE TABLE med_merged_use AS
SELECT
    s.request, s.patient, s.fact, s.grp, s.exposure, s.kind, s.place, s.low_account, s.high_account,
    CASE WHEN s.low_account = s.fact THEN CONCAT_WS('/', COALESCE(CAST(m.start_low AS VARCHAR), '-'),
        COALESCE(CAST(m.end_high AS VARCHAR), '-'), s.fact) ELSE s.low_account END AS turn,
    m.surely, m.pattern, m.start_low, m.start_high, m.end_low, m.end_high, m.period_low, m.period_high,
    m.period_den, s.family = 'elig:DoseRun' AS by_day, COALESCE(a.high, DATE '9999-12-31') AS clip,
    s.family = 'elig:DoseRun' AND m.basis = 'kg' AS per_kg,
    CASE WHEN s.family = 'elig:DoseRun' AND m.basis = 'kg' THEN m.day_low
         ELSE scale_low(m.day_low, m.by_low, 1000000000) END AS low,
    CASE WHEN s.family = 'elig:DoseRun' AND m.basis = 'kg' THEN m.day_high
         ELSE scale_high(m.day_high, m.by_high, 1000000000) END AS high
FROM med_merged_fact AS s
JOIN med_reference_stated AS m ON m.request = s.request AND m.patient = s.patient AND m.fact = s.fact
JOIN med_request AS r ON r.request = s.request
JOIN anchor_date AS a ON a.patient = s.patient AND a.anchor = r.anchor;

-- A periodic order has its doses on the first day of each period; where its days are not exact, it may
-- have one on each, and surely has those that it has with the latest start and the longest period.
CREATE OR REPLACE TABLE med_merged_dose AS
SELECT u.* EXCLUDE (number), plus_days(u.first_day, div_ceil(u.number * u.step, u.period_den)) AS day
FROM (
    SELECT *, UNNEST(GENERATE_SERIES(0, CAST(
        div_floor(days_between(first_day, last_day) * period_den, step) AS INTEGER))) AS number
    FROM (
        SELECT *, FALSE AS sure, start_low AS first_day, LEAST(end_high, clip) AS last_day, period_low AS step
        FROM med_merged_use
        WHERE pattern = 'cyclic' AND start_low = start_high AND period_low = period_high
        UNION ALL
        SELECT *, TRUE, start_high, GREATEST(LEAST(end_low, clip), start_high), period_high
        FROM med_merged_use
        WHERE pattern = 'cyclic' AND surely AND start_high <= clip
          AND NOT (by_day AND NOT COALESCE(start_low = start_high AND period_low = period_high
                                           AND start_low <= end_low, FALSE))
    ) AS c
    WHERE first_day <= last_day AND days_between(first_day, last_day) < 50000
) AS u;

CREATE OR REPLACE TABLE med_merged_piece AS
SELECT request, patient, grp, exposure, kind, place, low_account, high_account, turn, sure, TRUE AS dose, per_kg,
       low, high, day AS first_day, day AS last_day, FALSE AS blurred_start, FALSE AS blurred_end
FROM med_merged_dose
UNION ALL
SELECT u.request, u.patient, u.grp, u.exposure, u.kind, u.place, u.low_account, u.high_account, u.turn, TRUE,
       u.pattern = 'single', u.per_kg, u.low, u.high, u.start_high,
       CASE WHEN u.pattern = 'single' THEN u.start_high ELSE GREATEST(u.end_low, u.start_high) END,
       u.start_low IS DISTINCT FROM u.start_high,
       u.pattern <> 'single' AND u.end_low IS DISTINCT FROM u.end_high
FROM med_merged_use AS u
WHERE u.surely AND u.start_high <= u.clip AND u.pattern IN ('single', 'daily')
  AND (NOT u.by_day OR (u.pattern = 'daily' AND u.start_high <= u.end_low)
       OR (u.pattern = 'single' AND u.start_low = u.start_high))
UNION ALL
SELECT u.request, u.patient, u.grp, u.exposure, u.kind, u.place, u.low_account, u.high_account, u.turn, FALSE,
       u.pattern IN ('single', 'cyclic'), u.per_kg, u.low, u.high, COALESCE(u.start_low, DATE '0001-01-01'),
       COALESCE(CASE WHEN u.pattern = 'single' THEN u.start_high ELSE u.end_high END, DATE '9999-12-31'),
       u.start_low IS DISTINCT FROM u.start_high OR u.pattern = 'cyclic',
       u.pattern <> 'single' AND u.end_low IS DISTINCT FROM u.end_high
FROM med_merged_use AS u
WHERE u.pattern <> 'cyclic'
   OR NOT COALESCE(u.start_low = u.start_high AND u.period_low = u.period_high
                   AND days_between(u.start_low, LEAST(u.end_high, u.clip)) < 50000, FALSE)
UNION ALL
SELECT s.request, s.patient, s.grp, s.exposure, s.kind, s.place, s.low_account, s.high_account, '', m.sure,
       FALSE, c.per_kg, c.low, c.high, COALESCE(a.high, DATE '9999-12-31'), COALESCE(a.high, DATE '9999-12-31'),
       FALSE, FALSE
FROM med_merged_fact AS s
JOIN med_request AS r ON r.request = s.request
JOIN anchor_date AS a ON a.patient = s.patient AND a.anchor = r.anchor
JOIN med_current_stated AS c ON c.request = s.request AND c.patient = s.patient AND c.fact = s.fact
CROSS JOIN (VALUES (TRUE), (FALSE)) AS m(sure)
WHERE s.family = 'elig:CurrentDailyDose' AND (c.sure OR NOT m.sure);

-- Stretches of days on which the same records hold.
CREATE OR REPLACE TABLE med_merged_day AS
SELECT request, patient, grp, day AS first_day,
       COALESCE(plus_days(LEAD(day) OVER (PARTITION BY request, patient, grp ORDER BY day), -1),
                DATE '9999-12-31') AS last_day
FROM (
    SELECT request, patient, grp, first_day AS day FROM med_merged_piece
    UNION
    SELECT request, patient, grp, plus_days(last_day, 1) FROM med_merged_piece
    WHERE last_day < DATE '9999-12-31'
) AS change;

-- Single doses of different kinds may be the same on days that differ by mistake or delay: of a group only
-- those of the kind that comes first count for sure, of an exposure only one account of them, and none
-- beside a daily amount.
CREATE OR REPLACE TABLE med_merged_on AS
SELECT
    d.first_day AS day, d.last_day AS until, p.*,
    p.sure AND (NOT p.dose
                OR (p.place = MIN(CASE WHEN p.sure AND p.dose THEN p.place END) OVER whole
                    AND p.turn = MIN(CASE WHEN p.sure AND p.dose THEN p.turn END) OVER alike
                    AND NOT BOOL_OR(p.sure AND NOT p.dose AND p.low > 0) OVER one)) AS counts
FROM med_merged_piece AS p
JOIN med_merged_day AS d
    ON d.request = p.request AND d.patient = p.patient AND d.grp = p.grp
   AND d.first_day BETWEEN p.first_day AND p.last_day
WINDOW
    whole AS (PARTITION BY p.request, p.patient, p.grp),
    one AS (PARTITION BY p.request, p.patient, p.exposure),
    alike AS (PARTITION BY p.request, p.patient, p.exposure, p.place);

-- Accounts of each exposure by day.
CREATE OR REPLACE TABLE med_merged_low AS
SELECT request, patient, grp, exposure, day, MIN(mg) AS mg, MIN(kg) AS kg
FROM (
    SELECT
        request, patient, grp, exposure, day, low_account,
        SUM(CASE WHEN per_kg THEN CAST(0 AS HUGEINT) ELSE low END) AS mg,
        SUM(CASE WHEN per_kg THEN low ELSE CAST(0 AS HUGEINT) END) AS kg
    FROM med_merged_on
    WHERE NOT sure AND low > 0
    GROUP BY request, patient, grp, exposure, day, low_account
) AS account
GROUP BY request, patient, grp, exposure, day;

CREATE OR REPLACE TABLE med_merged_high AS
SELECT
    request, patient, grp, exposure, day, until,
    CASE WHEN COUNT(*) = COUNT(mg) THEN MAX(mg) END AS mg, CASE WHEN COUNT(*) = COUNT(kg) THEN MAX(kg) END AS kg
FROM (
    SELECT
        request, patient, grp, exposure, day, until, high_account,
        CASE WHEN COUNT(*) = COUNT(high)
             THEN SUM(CASE WHEN per_kg THEN CAST(0 AS HUGEINT) ELSE high END) END AS mg,
        CASE WHEN COUNT(*) = COUNT(high)
             THEN SUM(CASE WHEN per_kg THEN high ELSE CAST(0 AS HUGEINT) END) END AS kg
    FROM med_merged_on
    WHERE NOT sure
    GROUP BY request, patient, grp, exposure, day, until, high_account
) AS account
GROUP BY request, patient, grp, exposure, day, until;

-- Exposures that surely go on, with the kinds of record that say so.
CREATE OR REPLACE TABLE med_merged_sure AS
SELECT DISTINCT request, patient, grp, exposure, day, kind
FROM med_merged_on
WHERE counts;

CREATE OR REPLACE TABLE med_merged_stretch AS
SELECT
    h.request, h.patient, h.grp, h.day AS first_day, h.until AS last_day,
    COALESCE(l.mg, CAST(0 AS HUGEINT)) AS mg_low, COALESCE(l.kg, CAST(0 AS HUGEINT)) AS kg_low,
    h.mg AS mg_high, h.kg AS kg_high,
    COALESCE(b.starts, FALSE) AS blurred_start, COALESCE(e.ends, FALSE) AS blurred_end
FROM (
    SELECT request, patient, grp, day, until,
           CASE WHEN COUNT(*) = COUNT(mg) THEN SUM(mg) END AS mg,
           CASE WHEN COUNT(*) = COUNT(kg) THEN SUM(kg) END AS kg
    FROM med_merged_high
    GROUP BY request, patient, grp, day, until
) AS h
LEFT JOIN (
    SELECT request, patient, grp, day, MIN(mg) AS mg, MIN(kg) AS kg
    FROM (
        SELECT s.request, s.patient, s.grp, s.day, s.kind, SUM(l.mg) AS mg, SUM(l.kg) AS kg
        FROM med_merged_sure AS s
        JOIN med_merged_low AS l
            ON l.request = s.request AND l.patient = s.patient AND l.exposure = s.exposure AND l.day = s.day
        GROUP BY s.request, s.patient, s.grp, s.day, s.kind
    ) AS account
    GROUP BY request, patient, grp, day
) AS l ON l.request = h.request AND l.patient = h.patient AND l.grp = h.grp AND l.day = h.day
LEFT JOIN (
    SELECT request, patient, grp, first_day AS day, BOOL_OR(blurred_start) AS starts
    FROM med_merged_piece GROUP BY request, patient, grp, first_day
) AS b ON b.request = h.request AND b.patient = h.patient AND b.grp = h.grp AND b.day = h.day
LEFT JOIN (
    SELECT request, patient, grp, last_day AS day, BOOL_OR(blurred_end) AS ends
    FROM med_merged_piece GROUP BY request, patient, grp, last_day
) AS e ON e.request = h.request AND e.patient = h.patient AND e.grp = h.grp AND e.day = h.until;

-- What each request adds up: the records that stand alone, and the stretches.
CREATE OR REPLACE TABLE med_current_amount AS
SELECT c.request, c.patient, c.fact,
    CASE WHEN c.sure AND NOT c.per_kg THEN c.low ELSE CAST(0 AS HUGEINT) END AS mg_low,
    CASE WHEN c.sure AND c.per_kg THEN c.low ELSE CAST(0 AS HUGEINT) END AS kg_low,
    CASE WHEN c.per_kg THEN CAST(0 AS HUGEINT) ELSE c.high END AS mg_high,
    CASE WHEN c.per_kg THEN c.high ELSE CAST(0 AS HUGEINT) END AS kg_high
FROM med_current_stated AS c
LEFT JOIN med_merged_fact AS m ON m.request = c.request AND m.patient = c.patient AND m.fact = c.fact
WHERE m.fact IS NULL
UNION ALL
SELECT s.request, s.patient, NULL, s.mg_low, s.kg_low, s.mg_high, s.kg_high
FROM med_merged_stretch AS s
JOIN med_request AS r ON r.request = s.request
WHERE r.family = 'elig:CurrentDailyDose';

CREATE OR REPLACE TABLE med_reference_amount AS
SELECT s.*, FALSE AS blurred_start, FALSE AS blurred_end
FROM med_reference_stated AS s
LEFT JOIN med_merged_fact AS m ON m.request = s.request AND m.patient = s.patient AND m.fact = s.fact
WHERE m.fact IS NULL
UNION ALL
SELECT
    s.request, r.family, s.patient, NULL, TRUE, b.basis, 'daily',
    CASE WHEN s.first_day > DATE '0001-01-01' THEN s.first_day END, s.first_day,
    s.last_day, CASE WHEN s.last_day < DATE '9999-12-31' THEN s.last_day END,
    NULL, NULL, NULL,
    CASE b.basis WHEN 'kg' THEN s.kg_low ELSE s.mg_low END,
    CASE b.basis WHEN 'kg' THEN s.kg_high ELSE s.mg_high END,
    CAST(1000000000 AS HUGEINT), CAST(1000000000 AS HUGEINT), NULL, NULL, s.blurred_start, s.blurred_end
FROM med_merged_stretch AS s
JOIN med_request AS r ON r.request = s.request
CROSS JOIN (VALUES ('mg'), ('kg')) AS b(basis)
WHERE r.family <> 'elig:CurrentDailyDose'
  AND CASE b.basis WHEN 'kg' THEN COALESCE(s.kg_high > 0, TRUE) AND r.family = 'elig:DoseRun'
           ELSE COALESCE(s.mg_high > 0, TRUE) END;

-- The records that were combined, as sources.
CREATE OR REPLACE TABLE med_merged AS
SELECT m.request, m.family, r.anchor, m.patient, m.fact, s.start_low, s.end_high, s.weight_day, s.height_day
FROM med_merged_fact AS m
JOIN med_request AS r ON r.request = m.request
JOIN med_reference_stated AS s ON s.request = m.request AND s.patient = m.patient AND s.fact = m.fact;
