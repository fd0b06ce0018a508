-- Which uses each declared measure, event or run counts: kind, route and equivalence; and body weights.

-- Which of the concepts in use are, or may be, of a kind that is asked for. A concept that the
-- vocabulary does not know can be anything, unless the kind lists its codes completely in that system.
CREATE OR REPLACE TABLE med_concept_kind AS
SELECT c.concept, k.kind, COALESCE(MAX(CASE WHEN b.concept IS NOT NULL THEN 1 ELSE 0 END), 0) = 1 AS surely
FROM (SELECT DISTINCT concept FROM med_use) AS c
CROSS JOIN (SELECT DISTINCT kind FROM med_request) AS k
LEFT JOIN v_below AS b ON b.concept = c.concept AND b.kind = k.kind
LEFT JOIN v_can_be AS m ON m.concept = c.concept AND m.kind = k.kind
LEFT JOIN (SELECT DISTINCT concept FROM v_can_be) AS known ON known.concept = c.concept
LEFT JOIN v_triple AS t
    ON t.subject = k.kind AND t.predicate = 'elig:completeIn' AND c.concept LIKE 'urn:eligo:unmapped:%'
   AND (c.concept LIKE 'urn:eligo:unmapped:' || t.object || ':%'
        OR c.concept LIKE 'urn:eligo:unmapped:' || REPLACE(t.object, 'system:', '') || ':%')
WHERE b.concept IS NOT NULL OR m.concept IS NOT NULL OR (known.concept IS NULL AND t.subject IS NULL)
GROUP BY c.concept, k.kind;

-- Routes: those recorded, or else the one that the product implies.
CREATE OR REPLACE TABLE med_use_route AS
SELECT d.fact, d.concept AS route
FROM d_concept AS d
JOIN med_use AS u ON u.fact = d.fact
WHERE d.property = 'elig:route' AND d.concept IS NOT NULL
UNION
SELECT u.fact, i.object AS route
FROM med_use AS u
JOIN v_below AS b ON b.concept = u.concept
JOIN v_triple AS i ON i.subject = b.kind AND i.predicate = 'elig:impliesRoute'
LEFT JOIN d_concept AS d ON d.fact = u.fact AND d.property = 'elig:route' AND d.concept IS NOT NULL
WHERE d.fact IS NULL;

CREATE OR REPLACE TABLE med_route_match AS
SELECT
    c.route, r.request,
    MAX(CASE WHEN b.concept IS NOT NULL THEN 1 ELSE 0 END) AS surely,
    MAX(CASE WHEN b.concept IS NOT NULL OR m.concept IS NOT NULL OR known.concept IS NULL
             THEN 1 ELSE 0 END) AS may
FROM (SELECT DISTINCT route FROM med_use_route) AS c
CROSS JOIN med_request_route AS r
LEFT JOIN v_below AS b ON b.concept = c.route AND b.kind = r.route
LEFT JOIN v_can_be AS m ON m.concept = c.route AND m.kind = r.route
LEFT JOIN (SELECT DISTINCT concept FROM v_can_be) AS known ON known.concept = c.route
GROUP BY c.route, r.request;

-- Equivalences. A concept takes the row of its nearest concept above or at itself; else the range of
-- the rows below it; a concept that only may be of the kind takes the range of what it can be.
CREATE OR REPLACE TABLE med_equivalence AS
SELECT
    h.subject AS equivalence, o.object AS concept,
    nano(CAST(a.object AS DECIMAL(18, 9))) AS amount,
    nano(CAST(f.object AS DECIMAL(18, 9))) AS reference,
    div_floor(nano(CAST(f.object AS DECIMAL(18, 9))) * 1000000000000000, nano(CAST(a.object AS DECIMAL(18, 9))))
        AS factor
FROM v_triple AS h
JOIN v_triple AS o ON o.subject = h.object AND o.predicate = 'elig:of'
JOIN v_triple AS a ON a.subject = h.object AND a.predicate = 'elig:amount'
JOIN v_triple AS f ON f.subject = h.object AND f.predicate = 'elig:referenceAmount'
WHERE h.predicate = 'elig:hasEquivalence';

CREATE OR REPLACE TABLE med_equivalence_above AS
SELECT DISTINCT k.concept, e.equivalence, e.concept AS row_concept
FROM (SELECT DISTINCT concept FROM med_concept_kind) AS k
JOIN v_below AS b ON b.concept = k.concept
JOIN med_equivalence AS e ON e.concept = b.kind;

CREATE OR REPLACE TABLE med_equivalence_nearest AS
SELECT a.concept, a.equivalence, a.row_concept
FROM med_equivalence_above AS a
LEFT JOIN (
    SELECT far.concept, far.equivalence, far.row_concept
    FROM med_equivalence_above AS far
    JOIN med_equivalence_above AS near ON near.concept = far.concept AND near.equivalence = far.equivalence
    JOIN v_below AS b ON b.concept = near.row_concept AND b.kind = far.row_concept
    WHERE near.row_concept <> far.row_concept
) AS passed ON passed.concept = a.concept AND passed.equivalence = a.equivalence
           AND passed.row_concept = a.row_concept
WHERE passed.concept IS NULL;

CREATE OR REPLACE TABLE med_factor AS
SELECT
    concept, equivalence,
    ARG_MIN(reference, factor) AS low_num, ARG_MIN(amount, factor) AS low_den,
    ARG_MAX(reference, factor) AS high_num, ARG_MAX(amount, factor) AS high_den
FROM (
    SELECT x.*, MIN(x.tier) OVER (PARTITION BY x.concept, x.equivalence) AS best
    FROM (
        SELECT k.concept, e.equivalence, e.amount, e.reference, e.factor,
               CASE WHEN n.concept IS NOT NULL THEN 1 WHEN d.concept IS NOT NULL THEN 2 ELSE 3 END AS tier
        FROM (SELECT DISTINCT concept FROM med_concept_kind) AS k
        CROSS JOIN med_equivalence AS e
        LEFT JOIN med_equivalence_nearest AS n
            ON n.concept = k.concept AND n.equivalence = e.equivalence AND n.row_concept = e.concept
        LEFT JOIN v_below AS d ON d.concept = e.concept AND d.kind = k.concept
        LEFT JOIN v_can_be AS m ON m.concept = k.concept AND m.kind = e.concept
        LEFT JOIN (SELECT DISTINCT concept FROM v_can_be) AS known ON known.concept = k.concept
        WHERE n.concept IS NOT NULL OR d.concept IS NOT NULL OR m.concept IS NOT NULL OR known.concept IS NULL
    ) AS x
) AS c
WHERE tier = best
GROUP BY concept, equivalence;

-- The uses that each request counts or may have to count, with the factor of equivalence.
CREATE OR REPLACE TABLE med_request_use AS
SELECT
    r.request, r.family, u.patient, u.fact,
    ck.surely AND (asked.request IS NULL OR COALESCE(rt.surely, 0) = 1) AS surely,
    CASE WHEN r.equivalence IS NULL THEN CAST(1 AS HUGEINT)
         WHEN f.concept IS NOT NULL THEN f.low_num ELSE CAST(0 AS HUGEINT) END AS low_num,
    CASE WHEN r.equivalence IS NULL OR f.concept IS NULL THEN CAST(1 AS HUGEINT) ELSE f.low_den END AS low_den,
    CASE WHEN r.equivalence IS NULL THEN CAST(1 AS HUGEINT) ELSE f.high_num END AS high_num,
    CASE WHEN r.equivalence IS NULL OR f.concept IS NULL THEN CAST(1 AS HUGEINT) ELSE f.high_den END AS high_den
FROM med_request AS r
JOIN med_concept_kind AS ck ON ck.kind = r.kind
JOIN med_use AS u ON u.concept = ck.concept
LEFT JOIN (SELECT DISTINCT request FROM med_request_route) AS asked ON asked.request = r.request
LEFT JOIN (
    SELECT m.request, ur.fact, MIN(m.surely) AS surely, MAX(m.may) AS may
    FROM med_use_route AS ur
    JOIN med_route_match AS m ON m.route = ur.route
    GROUP BY m.request, ur.fact
) AS rt ON rt.request = r.request AND rt.fact = u.fact
LEFT JOIN med_factor AS f ON f.concept = u.concept AND f.equivalence = r.equivalence
WHERE asked.request IS NULL OR rt.fact IS NULL OR rt.may = 1;

-- What a weight is taken to be where none is usable.
CREATE OR REPLACE TABLE med_weight_rule AS
SELECT
    nano(CAST(MAX(CASE WHEN predicate = 'elig:defaultLow' THEN object END) AS DECIMAL(18, 9))) AS low,
    nano(CAST(MAX(CASE WHEN predicate = 'elig:defaultHigh' THEN object END) AS DECIMAL(18, 9))) AS high,
    CAST(MAX(CASE WHEN predicate = 'elig:weightWindowDays' THEN object END) AS INTEGER) AS window_days
FROM v_triple
WHERE subject = 'elig:BodyWeightRule';

-- Body weight and height by day. A value without an exact day is not used; several values of one day span
-- an interval. A value that cannot be read, or no adult's weight, holds its place without bounds: another
-- day's value must not stand in for it.
CREATE OR REPLACE TABLE med_body_fact AS
SELECT
    f.patient, f.fact, k.kind, f.start_low AS day,
    CASE WHEN k.kind = 'concept:BodyHeight' AND q.low > 0 AND q.high <= 10000
         THEN CASE q.unit WHEN 'm' THEN nano(q.low) * 100 WHEN 'cm' THEN nano(q.low) END
         WHEN k.kind = 'concept:BodyWeight' AND q.unit = 'kg'
              AND nano(q.low) >= rule.low AND nano(q.high) <= rule.high THEN nano(q.low)
         WHEN k.kind = 'concept:BodyWeight' AND q.unit = 'mg'
              AND nano(q.low) // 1000000 >= rule.low AND nano(q.high) // 1000000 <= rule.high
         THEN nano(q.low) // 1000000 END AS low,
    CASE WHEN k.kind = 'concept:BodyHeight' AND q.low > 0 AND q.high <= 10000
         THEN CASE q.unit WHEN 'm' THEN nano(q.high) * 100 WHEN 'cm' THEN nano(q.high) END
         WHEN k.kind = 'concept:BodyWeight' AND q.unit = 'kg'
              AND nano(q.low) >= rule.low AND nano(q.high) <= rule.high THEN nano(q.high)
         WHEN k.kind = 'concept:BodyWeight' AND q.unit = 'mg'
              AND nano(q.low) // 1000000 >= rule.low AND nano(q.high) // 1000000 <= rule.high
         THEN div_ceil(nano(q.high), 1000000) END AS high
FROM fact AS f
JOIN v_below AS k ON k.concept = f.concept AND k.kind IN ('concept:BodyWeight', 'concept:BodyHeight')
LEFT JOIN d_quantity AS q ON q.fact = f.fact AND q.property = 'elig:quantity'
JOIN screening AS s ON s.patient = f.patient
CROSS JOIN med_weight_rule AS rule
WHERE f.relation = 'elig:hasObservation'
  AND NOT COALESCE(f.planned, FALSE)
  AND f.start_low = f.start_high
  AND f.start_low <= s.evaluation;

-- The stretch of days for which each day's value is the nearest; at equal distance the earlier.
CREATE OR REPLACE TABLE med_body AS
SELECT
    patient, kind, day, low, high,
    COALESCE(plus_days(before, days_between(before, day) // 2 + 1), DATE '0001-01-01') AS first_day,
    COALESCE(plus_days(day, days_between(day, after) // 2), DATE '9999-12-31') AS last_day
FROM (
    SELECT
        patient, kind, day,
        CASE WHEN COUNT(*) = COUNT(low) THEN MIN(low) END AS low,
        CASE WHEN COUNT(*) = COUNT(high) THEN MAX(high) END AS high,
        LAG(day) OVER (PARTITION BY patient, kind ORDER BY day) AS before,
        LEAD(day) OVER (PARTITION BY patient, kind ORDER BY day) AS after
    FROM med_body_fact
    GROUP BY patient, kind, day
) AS days;

-- Weight and body surface (Mosteller: square root of cm x kg / 3600) on the days they are needed for: the
-- first day of uses dosed by weight or surface, and anchors. No day, no weight: any adult's. No height: no
-- surface.
CREATE OR REPLACE TABLE med_body_need AS
SELECT u.patient, u.start_low AS day, w.window_days
FROM med_use AS u
CROSS JOIN (
    SELECT DISTINCT COALESCE(r.weight_window, d.window_days) AS window_days
    FROM med_request AS r
    CROSS JOIN med_weight_rule AS d
) AS w
WHERE u.basis IN ('kg', 'm2') AND u.start_low = u.start_high
UNION
SELECT a.patient, a.low, COALESCE(r.weight_window, d.window_days)
FROM med_request AS r
CROSS JOIN med_weight_rule AS d
JOIN anchor_date AS a ON a.anchor = r.anchor AND a.low = a.high
WHERE r.family = 'elig:CurrentDailyDose';

CREATE OR REPLACE TABLE med_body_at AS
SELECT
    patient, day, window_days, weight_low, weight_high, weight_day, height_day,
    root_floor(square_low, root_guess(square_low)) AS surface_low,
    root_ceil(square_high, root_guess(square_high)) AS surface_high
FROM (
    SELECT
        n.patient, n.day, n.window_days,
        COALESCE(w.low, d.low) AS weight_low, COALESCE(w.high, d.high) AS weight_high,
        w.day AS weight_day, h.day AS height_day,
        div_floor(h.low * COALESCE(w.low, d.low), 3600) AS square_low,
        div_ceil(h.high * COALESCE(w.high, d.high), 3600) AS square_high
    FROM med_body_need AS n
    CROSS JOIN med_weight_rule AS d
    LEFT JOIN med_body AS w
        ON w.patient = n.patient AND w.kind = 'concept:BodyWeight'
       AND n.day BETWEEN w.first_day AND w.last_day AND ABS(days_between(w.day, n.day)) <= n.window_days
    LEFT JOIN med_body AS h
        ON h.patient = n.patient AND h.kind = 'concept:BodyHeight'
       AND n.day BETWEEN h.first_day AND h.last_day
) AS nearest;
