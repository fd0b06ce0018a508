-- Current daily dose: the sum, over the uses of a kind that are active on the anchor date, of the mean
-- amount per day of the schedule, in mg/d or per kilogram of body weight. As elsewhere, a use without a
-- status is judged by its dates; one that is over or on hold, without a last day, may have been active
-- before the evaluation. Of records of one exposure the accounts count, as merged before.

CREATE OR REPLACE TABLE med_current_sum AS
SELECT
    request, patient,
    SUM(mg_low) AS mg_low,
    SUM(kg_low) AS kg_low,
    CASE WHEN COUNT(*) = COUNT(mg_high) THEN SUM(mg_high) END AS mg_high,
    CASE WHEN COUNT(*) = COUNT(kg_high) THEN SUM(kg_high) END AS kg_high
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
