-- What is known of every medication use: which days, how much, on what schedule.
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
    COALESCE(f.status, '') IN ('elig:Active', 'elig:Completed', 'elig:Stopped') AND NOT f.contradictory
        AND NOT COALESCE(v.denied, FALSE) AS certain,
    f.status IS NULL AND NOT f.contradictory AND NOT COALESCE(v.denied, FALSE) AS no_status,
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
         WHEN f.end_high IS NOT NULL THEN GREATEST(LEAST(f.end_low, v.last_sure), f.start_low)
         WHEN COALESCE(f.status, 'elig:Active') = 'elig:Active' THEN GREATEST(LEAST(s.evaluation, v.last_sure), f.start_low)
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
LEFT JOIN med_sure_until AS v ON v.fact = f.fact AND v.patient = f.patient
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
