-- What is known of every medication use: which days, how much, on what schedule, of which kind and by
-- which route, for each declared measure, event or run that asks.
--
-- Certain and possible are kept apart throughout. [start_high, end_low] are the days that a use surely
-- covers, [start_low, end_high] those it may cover; a NULL start_low or end_high is unbounded.

-- The parameters of everything whose family reads medication uses.
CREATE OR REPLACE TABLE med_request AS
SELECT
    f.subject AS request,
    f.object AS family,
    MAX(CASE WHEN p.predicate = 'elig:ofKind' THEN p.object END) AS kind,
    MAX(CASE WHEN p.predicate = 'elig:equivalence' THEN p.object END) AS equivalence,
    COALESCE(MAX(CASE WHEN p.predicate = 'elig:anchor' THEN p.object END), 'elig:ScreeningDate') AS anchor,
    COALESCE(MAX(CASE WHEN p.predicate = 'elig:perBodyWeight' THEN p.object END) IN ('true', '1'), FALSE)
        AS per_weight,
    COALESCE(MAX(CASE WHEN p.predicate = 'elig:completenessRelation' THEN p.object END),
             CASE WHEN f.object = 'elig:CurrentDailyDose' THEN 'elig:hasCurrentMedication'
                  ELSE 'elig:hasMedicationUse' END) AS completeness_relation,
    COALESCE(MAX(CASE WHEN p.predicate = 'elig:baseRelation' THEN p.object END), 'elig:hasMedicationUse')
        AS base_relation,
    CAST(MAX(CASE WHEN p.predicate = 'elig:weightWindowDays' THEN p.object END) AS INTEGER) AS weight_window,
    CAST(MAX(CASE WHEN p.predicate = 'elig:amount' THEN p.object END) AS DECIMAL(18, 9)) AS amount,
    CAST(MAX(CASE WHEN p.predicate = 'elig:days' THEN p.object END) AS INTEGER) AS days,
    CAST(MAX(CASE WHEN p.predicate = 'elig:minimumDailyDosePerKg' THEN p.object END) AS DECIMAL(18, 9))
        AS minimum_per_kg,
    CAST(MAX(CASE WHEN p.predicate = 'elig:courseGapDays' THEN p.object END) AS INTEGER) AS course_gap,
    CAST(MAX(CASE WHEN p.predicate = 'elig:courseTailDays' THEN p.object END) AS INTEGER) AS course_tail
FROM v_triple AS f
JOIN v_triple AS p ON p.subject = f.subject
WHERE f.predicate = 'elig:family'
  AND f.object IN ('elig:CurrentDailyDose', 'elig:CumulativeDose', 'elig:ExposureDays', 'elig:DoseReached',
                   'elig:ExposureReached', 'elig:FirstUse', 'elig:DoseRun', 'elig:Overlap')
GROUP BY f.subject, f.object
HAVING MAX(CASE WHEN p.predicate = 'elig:ofKind' THEN p.object END) IS NOT NULL;

CREATE OR REPLACE TABLE med_request_route AS
SELECT DISTINCT r.request, p.object AS route
FROM med_request AS r
JOIN v_triple AS p ON p.subject = r.request AND p.predicate IN ('elig:byRoute', 'elig:route');

-- Patients whose record is complete for what a request asks.
CREATE OR REPLACE TABLE med_complete AS
SELECT DISTINCT r.request, c.patient
FROM med_request AS r
JOIN complete AS c ON c.relation = r.completeness_relation AND c.kind IN (r.kind, 'elig:Anything');

-- One row for each use: its readable quantities, and whether it has unreadable or repeated ones.
CREATE OR REPLACE TABLE med_quantity AS
SELECT
    q.fact,
    COUNT(CASE WHEN q.property = 'elig:dose' THEN 1 END) AS doses,
    MAX(CASE WHEN q.property = 'elig:dose' THEN q.low END) AS dose_low,
    MAX(CASE WHEN q.property = 'elig:dose' THEN q.high END) AS dose_high,
    MAX(CASE WHEN q.property = 'elig:dose' THEN q.unit END) AS dose_unit,
    COUNT(CASE WHEN q.property = 'elig:dailyDose' THEN 1 END) AS daily_doses,
    MAX(CASE WHEN q.property = 'elig:dailyDose' THEN q.low END) AS daily_low,
    MAX(CASE WHEN q.property = 'elig:dailyDose' THEN q.high END) AS daily_high,
    MAX(CASE WHEN q.property = 'elig:dailyDose' THEN q.unit END) AS daily_unit,
    COUNT(CASE WHEN q.property = 'elig:period' THEN 1 END) AS periods,
    MAX(CASE WHEN q.property = 'elig:period' THEN q.low END) AS period_low,
    MAX(CASE WHEN q.property = 'elig:period' THEN q.high END) AS period_high,
    MAX(CASE WHEN q.property = 'elig:period' THEN q.unit END) AS period_unit,
    MAX(CASE WHEN q.property = 'elig:strength' AND q.low = q.high AND q.unit = 'mg' THEN q.low END) AS strength
FROM d_quantity AS q
JOIN (SELECT DISTINCT fact FROM fact WHERE relation = 'elig:hasMedicationUse') AS f ON f.fact = q.fact
WHERE q.property IN ('elig:dose', 'elig:dailyDose', 'elig:period', 'elig:strength')
GROUP BY q.fact;

-- What the source recorded of the schedule, readable or not.
CREATE OR REPLACE TABLE med_recorded AS
SELECT
    fact,
    MAX(CASE WHEN property = 'elig:dose' THEN 1 ELSE 0 END) AS dose_recorded,
    MAX(CASE WHEN property = 'elig:dailyDose' THEN 1 ELSE 0 END) AS daily_recorded,
    MAX(CASE WHEN property IN ('elig:period', 'elig:timesPerPeriod') THEN 1 ELSE 0 END) AS schedule_recorded
FROM (
    SELECT fact, property FROM e_quantity WHERE property IN ('elig:dose', 'elig:dailyDose', 'elig:period')
    UNION ALL
    SELECT fact, property FROM d_quantity WHERE property IN ('elig:dose', 'elig:dailyDose', 'elig:period')
    UNION ALL
    SELECT fact, property FROM e_attribute WHERE property = 'elig:timesPerPeriod'
    UNION ALL
    SELECT fact, property FROM d_number WHERE property = 'elig:timesPerPeriod'
) AS recorded
GROUP BY fact;

CREATE OR REPLACE TABLE med_times AS
SELECT fact, MIN(low) AS times_low, MAX(high) AS times_high, COUNT(*) AS times_rows
FROM d_number
WHERE property = 'elig:timesPerPeriod'
GROUP BY fact;

-- As-needed use: of contradictory statements both remain possible.
CREATE OR REPLACE TABLE med_as_needed AS
SELECT
    fact,
    MAX(CASE WHEN LOWER(value) IN ('true', '1') THEN 1 ELSE 0 END) AS may,
    MIN(CASE WHEN LOWER(value) IN ('true', '1') THEN 1 ELSE 0 END) AS surely
FROM e_attribute
WHERE property = 'elig:asNeeded'
GROUP BY fact;

-- A product strength can tell which of several substances a general concept is.
CREATE OR REPLACE TABLE med_strength_rule AS
SELECT DISTINCT r.subject AS concept, CAST(v.object AS DECIMAL(18, 9)) AS strength, c.object AS implied
FROM v_triple AS r
JOIN v_triple AS v ON v.subject = r.object AND v.predicate = 'elig:strengthValue'
JOIN v_triple AS c ON c.subject = r.object AND c.predicate = 'elig:impliesConcept'
WHERE r.predicate = 'elig:strengthImplies';

CREATE OR REPLACE TABLE med_resolved AS
SELECT f.fact, MIN(s.implied) AS concept
FROM fact AS f
JOIN med_quantity AS q ON q.fact = f.fact
JOIN v_below AS b ON b.concept = f.concept
JOIN med_strength_rule AS s ON s.concept = b.kind AND s.strength = q.strength AND s.implied <> f.concept
JOIN v_below AS n ON n.concept = s.implied AND n.kind = f.concept
WHERE f.relation = 'elig:hasMedicationUse'
GROUP BY f.fact
HAVING MIN(s.implied) = MAX(s.implied);

-- Units of doses: what the amount is relative to, and whether it is an amount per day.
CREATE OR REPLACE TABLE med_dose_unit AS
SELECT * FROM (VALUES
    ('mg', 'mg', FALSE), ('mg/kg', 'kg', FALSE), ('mg/m2', 'm2', FALSE),
    ('mg/d', 'mg', TRUE), ('mg/kg/d', 'kg', TRUE), ('mg/m2/d', 'm2', TRUE)
) AS u(unit, basis, per_day);

-- Uses once each. One with concepts that exclude each other may be anything; one that is said to end
-- before it starts has no dependable dates.
CREATE OR REPLACE TABLE med_fact AS
SELECT
    f.patient, f.fact, f.status, f.planned,
    CASE WHEN COUNT(DISTINCT f.concept) = 1 THEN MIN(f.concept) END AS concept,
    COALESCE(MAX(CASE WHEN f.end_high < f.start_low OR ended.high < began.low THEN 1 ELSE 0 END), 0) = 1
        AS contradictory,
    MIN(f.start_low) AS start_low, MAX(f.start_high) AS start_high,
    MIN(f.end_low) AS end_low, MAX(f.end_high) AS end_high
FROM fact AS f
LEFT JOIN d_date AS began ON began.fact = f.fact AND began.property = 'elig:startDate'
LEFT JOIN d_date AS ended ON ended.fact = f.fact AND ended.property = 'elig:endDate'
WHERE f.relation = 'elig:hasMedicationUse'
  AND NOT COALESCE(f.planned, FALSE)
  AND COALESCE(f.status, '') NOT IN ('elig:Planned', 'elig:NotDone', 'elig:EnteredInError')
GROUP BY f.patient, f.fact, f.status, f.planned;

-- Status, days and schedule of every use that is not planned.
--   pattern: single = one administration; daily = the same amount every day; cyclic = the amount falls
--   on the first day of each period; unknown = no readable schedule.
-- A period read from hours or minutes has no exact decimal in days: a whole number of minutes inside
-- its interval is taken as what was meant.
CREATE OR REPLACE TABLE med_use_days AS
SELECT
    f.patient, f.fact, COALESCE(r.concept, f.concept, '') AS concept,
    COALESCE(f.status, '') IN ('elig:Active', 'elig:Completed', 'elig:Stopped') AND NOT f.contradictory AS certain,
    f.status IS NULL AND NOT f.contradictory AS no_status,
    COALESCE(f.status, '') IN ('elig:Completed', 'elig:Stopped', 'elig:OnHold') AND f.end_high IS NULL
        AS end_missing,
    COALESCE(n.may, 0) = 1 AS maybe_as_needed,
    COALESCE(n.surely, 0) = 1 AS as_needed,
    CASE WHEN f.contradictory THEN NULL ELSE f.start_low END AS start_low,
    CASE WHEN f.contradictory THEN NULL
         ELSE GREATEST(
             LEAST(f.start_high, f.end_high,
                   CASE WHEN f.status IN ('elig:Active', 'elig:Completed', 'elig:Stopped')
                        THEN s.evaluation END),
             f.start_low) END AS start_high,
    CASE WHEN f.contradictory THEN NULL
         WHEN f.end_high IS NOT NULL THEN GREATEST(f.end_low, f.start_low)
         WHEN COALESCE(f.status, 'elig:Active') = 'elig:Active' THEN GREATEST(s.evaluation, f.start_low)
         ELSE f.start_low END AS end_low,
    CASE WHEN f.contradictory THEN NULL
         WHEN f.end_high IS NOT NULL THEN f.end_high
         WHEN f.status IN ('elig:Completed', 'elig:Stopped') THEN GREATEST(s.evaluation, f.start_low) END
        AS end_high,
    CASE
        WHEN q.doses > 1 OR q.daily_doses > 1 OR q.periods > 1 OR t.times_rows > 1
             OR (w.dose_recorded = 1 AND w.daily_recorded = 1) THEN 'unknown'
        WHEN t.times_low >= 0 AND t.times_high IS NOT NULL AND q.period_unit = 'd' AND q.period_low > 0
             AND q.period_high <= 1 THEN 'daily'
        WHEN t.times_low >= 0 AND t.times_high IS NOT NULL AND q.period_unit = 'd' AND q.period_low > 1
             AND q.period_high IS NOT NULL AND NOT COALESCE(du.per_day, FALSE)
             AND COALESCE(w.daily_recorded, 0) = 0 THEN 'cyclic'
        WHEN w.schedule_recorded = 1 THEN 'unknown'
        WHEN w.daily_recorded = 1 OR du.per_day THEN 'daily'
        WHEN f.start_low = f.end_low AND f.start_high = f.end_high AND NOT f.contradictory THEN 'single'
        ELSE 'unknown'
    END AS pattern,
    COALESCE(w.daily_recorded, 0) = 1 OR COALESCE(du.per_day, FALSE) AS stated_per_day,
    CASE WHEN w.daily_recorded = 1 THEN dd.basis ELSE du.basis END AS basis,
    CASE WHEN w.daily_recorded = 1 THEN q.daily_low ELSE q.dose_low END AS amount_low,
    CASE WHEN w.daily_recorded = 1 THEN q.daily_high ELSE q.dose_high END AS amount_high,
    CASE WHEN t.times_low % 1 = 0 AND t.times_high % 1 = 0 THEN CAST(t.times_low AS HUGEINT)
         ELSE nano(t.times_low) END AS times_low,
    CASE WHEN t.times_low % 1 = 0 AND t.times_high % 1 = 0 THEN CAST(t.times_high AS HUGEINT)
         ELSE nano(t.times_high) END AS times_high,
    CASE WHEN t.times_low % 1 = 0 AND t.times_high % 1 = 0 THEN CAST(1 AS HUGEINT)
         ELSE CAST(1000000000 AS HUGEINT) END AS times_den,
    CASE WHEN m.minutes > 0 THEN m.minutes ELSE nano(q.period_low) END AS period_low,
    CASE WHEN m.minutes > 0 THEN m.minutes ELSE nano(q.period_high) END AS period_high,
    CASE WHEN m.minutes > 0 THEN CAST(1440 AS HUGEINT) ELSE CAST(1000000000 AS HUGEINT) END AS period_den
FROM med_fact AS f
JOIN screening AS s ON s.patient = f.patient
LEFT JOIN med_resolved AS r ON r.fact = f.fact
LEFT JOIN med_quantity AS q ON q.fact = f.fact
LEFT JOIN (
    SELECT
        fact,
        CASE WHEN period_unit = 'd' AND period_high - period_low <= 0.000000001
                  AND nano(period_low) * 1440 <= div_floor(nano(period_high) * 1440, 1000000000) * 1000000000
             THEN div_floor(nano(period_high) * 1440, 1000000000) END AS minutes
    FROM med_quantity
) AS m ON m.fact = f.fact
LEFT JOIN med_recorded AS w ON w.fact = f.fact
LEFT JOIN med_times AS t ON t.fact = f.fact
LEFT JOIN med_as_needed AS n ON n.fact = f.fact
LEFT JOIN med_dose_unit AS du ON du.unit = q.dose_unit
LEFT JOIN med_dose_unit AS dd ON dd.unit = q.daily_unit;

-- Amounts in grains of mg, mg/kg or mg/m2: on a day of administration (day_), and as the average over
-- the schedule (mean_). An unknown amount is [0, unbounded).
CREATE OR REPLACE TABLE med_use AS
SELECT
    d.patient, d.fact, d.concept, d.certain, d.no_status, d.end_missing, d.maybe_as_needed, d.as_needed,
    d.start_low, d.start_high, d.end_low, d.end_high, d.pattern,
    d.period_low, d.period_high, d.period_den,
    d.basis, d.day_low, d.day_high,
    CASE d.pattern WHEN 'daily' THEN d.day_low
                   WHEN 'cyclic' THEN scale_low(d.day_low, d.period_den, d.period_high)
                   ELSE CAST(0 AS HUGEINT) END AS mean_low,
    CASE d.pattern WHEN 'daily' THEN d.day_high
                   WHEN 'cyclic' THEN scale_high(d.day_high, d.period_den, d.period_low)
                   WHEN 'single' THEN d.day_high END AS mean_high
FROM (
    SELECT
        u.*,
        CASE WHEN u.pattern = 'unknown' OR u.basis IS NULL THEN CAST(0 AS HUGEINT)
             WHEN u.pattern = 'single' OR u.stated_per_day THEN u.one_low
             WHEN u.pattern = 'cyclic' THEN scale_low(u.one_low, u.times_low, u.times_den)
             ELSE scale_low(u.one_low, u.times_low * u.period_den, u.period_high * u.times_den) END AS day_low,
        CASE WHEN u.pattern = 'unknown' OR u.basis IS NULL THEN NULL
             WHEN u.pattern = 'single' OR u.stated_per_day THEN u.one_high
             WHEN u.pattern = 'cyclic' THEN scale_high(u.one_high, u.times_high, u.times_den)
             ELSE scale_high(u.one_high, u.times_high * u.period_den, u.period_low * u.times_den) END AS day_high
    FROM (
        SELECT
            *,
            CASE WHEN amount_low > 0 THEN nano(amount_low) * grains() ELSE CAST(0 AS HUGEINT) END AS one_low,
            CASE WHEN amount_high >= 0 THEN nano(amount_high) * grains() END AS one_high
        FROM med_use_days
    ) AS u
) AS d;

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
