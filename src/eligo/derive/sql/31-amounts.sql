-- Amounts of each use for each request: on the anchor date, and on its days of administration.

-- Uses that are or may be active on the anchor date. What is over or on hold without a last day may have
-- been taken on any day before the evaluation, and not on that day or later.
CREATE OR REPLACE TABLE med_current_use AS
SELECT
    c.request, c.patient, c.fact, u.basis,
    COALESCE(c.surely AND (u.certain OR u.no_status) AND NOT u.maybe_as_needed AND NOT u.end_missing
             AND u.start_high <= a.low AND u.end_low >= a.high, FALSE) AS sure,
    CASE WHEN u.maybe_as_needed THEN CAST(0 AS HUGEINT) ELSE scale_low(u.mean_low, c.low_num, c.low_den) END AS low,
    scale_high(u.mean_high, c.high_num, c.high_den) AS high
FROM med_request_use AS c
JOIN med_request AS r ON r.request = c.request
JOIN med_use AS u ON u.fact = c.fact AND u.patient = c.patient
JOIN screening AS s ON s.patient = u.patient
JOIN anchor_date AS a ON a.patient = u.patient AND a.anchor = r.anchor
LEFT JOIN med_silent AS q ON q.fact = u.fact AND q.patient = u.patient
WHERE c.family = 'elig:CurrentDailyDose'
  AND NOT u.as_needed
  AND NOT (u.end_missing AND s.evaluation <= a.low)
  AND q.fact IS NULL
  AND (u.start_low IS NULL OR a.high IS NULL OR u.start_low <= a.high)
  AND (u.end_high IS NULL OR u.end_high >= a.low);

-- Weight and surface on the anchor date, for those whose sum needs them.
CREATE OR REPLACE TABLE med_current_body AS
SELECT
    n.request, n.patient, n.surface_needed, b.weight_day, b.height_day,
    COALESCE(b.weight_low, d.low) AS weight_low, COALESCE(b.weight_high, d.high) AS weight_high,
    b.surface_low, b.surface_high
FROM (
    SELECT c.request, c.patient, r.anchor, r.weight_window,
           MAX(CASE WHEN c.basis = 'm2' THEN 1 ELSE 0 END) AS surface_needed
    FROM med_current_use AS c
    JOIN med_request AS r ON r.request = c.request
    WHERE r.per_weight OR c.basis IN ('kg', 'm2')
    GROUP BY c.request, c.patient, r.anchor, r.weight_window
) AS n
JOIN anchor_date AS a ON a.patient = n.patient AND a.anchor = n.anchor
CROSS JOIN med_weight_rule AS d
LEFT JOIN med_body_at AS b
    ON b.patient = n.patient AND b.day = a.low AND a.low = a.high
   AND b.window_days = COALESCE(n.weight_window, d.window_days);

-- Amounts in mg, sure or not; for a measure per weight, amounts stated per kilogram stay so (column per_kg).
CREATE OR REPLACE TABLE med_current_stated AS
SELECT
    c.request, c.patient, c.fact, c.sure, c.basis = 'kg' AND r.per_weight AS per_kg,
    CASE WHEN c.basis = 'm2' THEN scale_low(c.low, b.surface_low, 1000000000)
         WHEN c.basis = 'kg' AND NOT r.per_weight THEN scale_low(c.low, b.weight_low, 1000000000)
         ELSE c.low END AS low,
    CASE WHEN c.basis = 'm2' THEN scale_high(c.high, b.surface_high, 1000000000)
         WHEN c.basis = 'kg' AND NOT r.per_weight THEN scale_high(c.high, b.weight_high, 1000000000)
         ELSE c.high END AS high
FROM med_current_use AS c
JOIN med_request AS r ON r.request = c.request
LEFT JOIN med_current_body AS b ON b.request = c.request AND b.patient = c.patient;

-- Amount of each use on a day of administration, in grains of mg of the reference substance, with the
-- weight and height nearest to its first day.
CREATE OR REPLACE TABLE med_reference_stated AS
SELECT
    c.request, c.family, c.patient, c.fact,
    c.surely AND u.certain AND NOT u.maybe_as_needed AS surely,
    u.basis, u.pattern, u.start_low, u.start_high, u.end_low, u.end_high,
    u.period_low, u.period_high, u.period_den,
    CASE WHEN u.maybe_as_needed THEN CAST(0 AS HUGEINT) ELSE scale_low(u.day_low, c.low_num, c.low_den) END AS day_low,
    scale_high(u.day_high, c.high_num, c.high_den) AS day_high,
    CASE u.basis WHEN 'kg' THEN COALESCE(b.weight_low, d.low) WHEN 'm2' THEN b.surface_low
                 ELSE CAST(1000000000 AS HUGEINT) END AS by_low,
    CASE u.basis WHEN 'kg' THEN COALESCE(b.weight_high, d.high) WHEN 'm2' THEN b.surface_high
                 ELSE CAST(1000000000 AS HUGEINT) END AS by_high,
    CASE WHEN u.basis IN ('kg', 'm2') THEN b.weight_day END AS weight_day,
    CASE WHEN u.basis = 'm2' THEN b.height_day END AS height_day
FROM med_request_use AS c
JOIN med_request AS r ON r.request = c.request
JOIN med_use AS u ON u.fact = c.fact AND u.patient = c.patient
CROSS JOIN med_weight_rule AS d
LEFT JOIN med_body_at AS b
    ON u.basis IN ('kg', 'm2') AND b.patient = u.patient AND b.day = u.start_low AND u.start_low = u.start_high
   AND b.window_days = COALESCE(r.weight_window, d.window_days)
LEFT JOIN med_silent AS q ON q.fact = u.fact AND q.patient = u.patient
WHERE c.family IN ('elig:CumulativeDose', 'elig:DoseReached', 'elig:DoseRun')
  AND NOT (c.family = 'elig:DoseRun' AND u.as_needed)
  AND q.fact IS NULL;
