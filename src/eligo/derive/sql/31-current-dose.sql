-- Current daily dose: the sum, over the uses of a kind that are active on the anchor date, of the mean
-- amount per day of the schedule, in mg/d or per kilogram of body weight. As elsewhere, a use without a
-- status is judged by its dates; one that is over or on hold, without a last day, is not active.

CREATE OR REPLACE TABLE med_current_use AS
SELECT
    c.request, c.patient, c.fact, u.basis,
    CASE WHEN c.surely AND (u.certain OR u.no_status) AND NOT u.maybe_as_needed
              AND u.start_high <= a.low AND u.end_low >= a.high
         THEN scale_low(u.mean_low, c.low_num, c.low_den) ELSE CAST(0 AS HUGEINT) END AS low,
    scale_high(u.mean_high, c.high_num, c.high_den) AS high
FROM med_request_use AS c
JOIN med_request AS r ON r.request = c.request
JOIN med_use AS u ON u.fact = c.fact AND u.patient = c.patient
JOIN anchor_date AS a ON a.patient = u.patient AND a.anchor = r.anchor
WHERE c.family = 'elig:CurrentDailyDose'
  AND NOT u.as_needed
  AND NOT u.end_missing
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

-- Amounts in mg; for a measure per weight, amounts stated per kilogram stay so (column per_kg).
CREATE OR REPLACE TABLE med_current_amount AS
SELECT
    c.request, c.patient, c.basis = 'kg' AND r.per_weight AS per_kg,
    CASE WHEN c.basis = 'm2' THEN scale_low(c.low, b.surface_low, 1000000000)
         WHEN c.basis = 'kg' AND NOT r.per_weight THEN scale_low(c.low, b.weight_low, 1000000000)
         ELSE c.low END AS low,
    CASE WHEN c.basis = 'm2' THEN scale_high(c.high, b.surface_high, 1000000000)
         WHEN c.basis = 'kg' AND NOT r.per_weight THEN scale_high(c.high, b.weight_high, 1000000000)
         ELSE c.high END AS high
FROM med_current_use AS c
JOIN med_request AS r ON r.request = c.request
LEFT JOIN med_current_body AS b ON b.request = c.request AND b.patient = c.patient;

CREATE OR REPLACE TABLE med_current_sum AS
SELECT
    request, patient,
    SUM(CASE WHEN per_kg THEN CAST(0 AS HUGEINT) ELSE low END) AS mg_low,
    SUM(CASE WHEN per_kg THEN low ELSE CAST(0 AS HUGEINT) END) AS kg_low,
    CASE WHEN COUNT(*) = COUNT(high) THEN SUM(CASE WHEN per_kg THEN CAST(0 AS HUGEINT) ELSE high END) END AS mg_high,
    CASE WHEN COUNT(*) = COUNT(high) THEN SUM(CASE WHEN per_kg THEN high ELSE CAST(0 AS HUGEINT) END) END AS kg_high
FROM med_current_amount
GROUP BY request, patient;

-- One division at the end. Per kilogram: (mg + per kg x weight) / weight, least at the highest weight.
INSERT INTO measurement
SELECT
    s.patient, r.request,
    CASE WHEN c.request IS NULL THEN as_low(CAST(0 AS HUGEINT))
         WHEN r.per_weight THEN COALESCE(as_low(div_floor(
             product(c.mg_low, 1000000000) + product(c.kg_low, b.weight_high), grains() * b.weight_high)),
             as_low(CAST(0 AS HUGEINT)))
         ELSE as_low(div_floor(c.mg_low, grains())) END,
    CASE WHEN k.request IS NULL THEN NULL
         WHEN c.request IS NULL THEN as_high(CAST(0 AS HUGEINT))
         WHEN r.per_weight THEN as_high(div_ceil(
             product(c.mg_high, 1000000000) + product(c.kg_high, b.weight_low), grains() * b.weight_low))
         ELSE as_high(div_ceil(c.mg_high, grains())) END,
    NULL
FROM screening AS s
CROSS JOIN med_request AS r
LEFT JOIN med_current_sum AS c ON c.patient = s.patient AND c.request = r.request
LEFT JOIN med_current_body AS b ON b.patient = s.patient AND b.request = r.request
LEFT JOIN med_complete AS k ON k.patient = s.patient AND k.request = r.request
WHERE r.family = 'elig:CurrentDailyDose';

INSERT INTO measurement_source
SELECT patient, request, fact FROM med_current_use
UNION
SELECT b.patient, b.request, f.fact
FROM med_current_body AS b
JOIN med_body_fact AS f
    ON f.patient = b.patient
   AND ((f.kind = 'concept:BodyWeight' AND f.day = b.weight_day)
        OR (f.kind = 'concept:BodyHeight' AND f.day = b.height_day AND b.surface_needed = 1));
