-- Estimated glomerular filtration rate by a CKD-EPI equation.
--
-- rate = scale * min(Scr / k, 1)^a * max(Scr / k, 1)^g * base^age * factor, with k, a and factor by sex; all
-- numbers are parameters of the measure. The rate falls with creatinine and with age, so the bounds come
-- from the ends of the intervals. Powers are computed in double precision and rounded outward by a
-- billionth. A reported value of the same equation wins over a computed one of the same day.

CREATE OR REPLACE TABLE egfr_request AS
SELECT
    declared.subject AS measure,
    COALESCE(MAX(CASE WHEN given.predicate = 'elig:anchor' THEN given.object END), 'elig:ScreeningDate')
        AS anchor,
    CAST(MAX(CASE WHEN given.predicate = 'elig:daysBefore' THEN given.object END) AS INTEGER) AS days_before,
    CAST(MAX(CASE WHEN given.predicate = 'elig:minimumYears' THEN given.object END) AS INTEGER) AS minimum_years,
    CAST(MAX(CASE WHEN given.predicate = 'elig:implausibleAbove' THEN given.object END) AS DECIMAL(18, 9))
        AS implausible_above,
    CAST(MAX(CASE WHEN given.predicate = 'elig:scale' THEN given.object END) AS DOUBLE) AS scale,
    CAST(MAX(CASE WHEN given.predicate = 'elig:exponentAbove' THEN given.object END) AS DOUBLE) AS exponent_above,
    CAST(MAX(CASE WHEN given.predicate = 'elig:ageBase' THEN given.object END) AS DOUBLE) AS age_base,
    MAX(CASE WHEN given.predicate = 'elig:creatinineUnit' THEN given.object END) AS creatinine_unit,
    MAX(CASE WHEN given.predicate = 'elig:unit' THEN given.object END) AS unit
FROM v_triple AS declared
JOIN v_triple AS given ON given.subject = declared.subject
WHERE declared.predicate = 'elig:family' AND declared.object = 'elig:EstimatedGfr'
GROUP BY declared.subject;

-- What depends on sex.
CREATE OR REPLACE TABLE egfr_coefficient AS
SELECT
    request.measure,
    sex.object AS sex,
    CAST(breakpoint.object AS DOUBLE) AS breakpoint,
    CAST(below.object AS DOUBLE) AS exponent_below,
    CAST(factor.object AS DOUBLE) AS factor
FROM egfr_request AS request
JOIN v_triple AS held ON held.subject = request.measure AND held.predicate = 'elig:hasCoefficients'
JOIN v_triple AS sex ON sex.subject = held.object AND sex.predicate = 'elig:forSex'
JOIN v_triple AS breakpoint ON breakpoint.subject = held.object AND breakpoint.predicate = 'elig:breakpoint'
JOIN v_triple AS below ON below.subject = held.object AND below.predicate = 'elig:exponentBelow'
JOIN v_triple AS factor ON factor.subject = held.object AND factor.predicate = 'elig:factor';

-- The equation.
CREATE OR REPLACE MACRO ckd_epi(scale, breakpoint, exponent_below, exponent_above, age_base, factor, scr, age) AS
    scale * POWER(LEAST(scr / breakpoint, 1), exponent_below) * POWER(GREATEST(scr / breakpoint, 1), exponent_above)
    * POWER(age_base, age) * factor;

-- Every sample that speaks of kidney function, with its role for each measure: creatinine, a reported value
-- of the equation, or (where it is neither) another estimate. Numbers are billionths of the measure's units.
CREATE OR REPLACE TABLE egfr_fact AS
SELECT
    role.measure,
    role.patient,
    role.fact,
    role.date_low,
    role.date_high,
    role.role,
    quantity.fact IS NOT NULL AND unit.unit IS NOT NULL AS readable,
    div_floor(nano(quantity.low) * unit.den, unit.num) AS low,
    div_ceil(nano(quantity.high) * unit.den, unit.num) AS high
FROM (
    SELECT
        request.measure,
        fact.patient,
        fact.fact,
        fact.start_low AS date_low,
        fact.start_high AS date_high,
        -- a reported value of the equation may stand below a wider kind that is listed too
        CASE WHEN MAX(CASE given.predicate WHEN 'elig:reportedKind' THEN 1 ELSE 0 END) = 1 THEN 'reported'
             WHEN MAX(CASE given.predicate WHEN 'elig:creatinineKind' THEN 1 ELSE 0 END) = 1 THEN 'creatinine'
             ELSE 'other' END AS role,
        request.creatinine_unit,
        request.unit
    FROM egfr_request AS request
    JOIN v_triple AS given
        ON given.subject = request.measure
        AND given.predicate IN ('elig:creatinineKind', 'elig:reportedKind', 'elig:otherKind')
    JOIN v_below AS below ON below.kind = given.object
    JOIN fact ON fact.relation = 'elig:hasObservation' AND fact.concept = below.concept
    WHERE NOT fact.planned AND fact.start_low IS NOT NULL
    GROUP BY request.measure, fact.patient, fact.fact, fact.start_low, fact.start_high,
        request.creatinine_unit, request.unit
) AS role
LEFT JOIN d_quantity AS quantity ON quantity.fact = role.fact AND quantity.property = 'elig:quantity'
LEFT JOIN v_unit AS unit
    ON unit.unit = CASE role.role WHEN 'creatinine' THEN role.creatinine_unit ELSE role.unit END
    AND unit.canonical = quantity.unit;

-- One sample a day. A creatinine without a readable unit, of zero, or above what is plausible spoils the sample.
CREATE OR REPLACE TABLE egfr_day AS
SELECT
    sample.measure,
    sample.patient,
    sample.date_low,
    sample.date_high,
    COUNT(CASE WHEN role = 'reported' THEN 1 END) > 0
        AND COUNT(CASE WHEN role = 'reported' AND NOT readable THEN 1 END) = 0 AS is_reported,
    COUNT(CASE WHEN role = 'creatinine' THEN 1 END) > 0
        AND COUNT(CASE WHEN role = 'creatinine'
                       AND (NOT readable OR COALESCE(low > nano(request.implausible_above), FALSE)
                            OR COALESCE(high <= 0, FALSE)) THEN 1 END) = 0 AS is_measured,
    CASE WHEN COUNT(CASE WHEN role = 'reported' AND low IS NULL THEN 1 END) = 0
         THEN MIN(CASE WHEN role = 'reported' THEN low END) END AS reported_low,
    CASE WHEN COUNT(CASE WHEN role = 'reported' AND high IS NULL THEN 1 END) = 0
         THEN MAX(CASE WHEN role = 'reported' THEN high END) END AS reported_high,
    CASE WHEN COUNT(CASE WHEN role = 'creatinine' AND low IS NULL THEN 1 END) = 0
         THEN MIN(CASE WHEN role = 'creatinine' THEN low END) END AS creatinine_low,
    CASE WHEN COUNT(CASE WHEN role = 'creatinine' AND high IS NULL THEN 1 END) = 0
         THEN MAX(CASE WHEN role = 'creatinine' THEN high END) END AS creatinine_high,
    MIN(CASE WHEN role = 'reported' THEN fact END) AS reported_fact,
    MIN(CASE WHEN role = 'creatinine' THEN fact END) AS creatinine_fact,
    MIN(fact) AS any_fact
FROM egfr_fact AS sample
JOIN egfr_request AS request ON request.measure = sample.measure
GROUP BY sample.measure, sample.patient, sample.date_low, sample.date_high;

-- The equation at every possibility of age, sex and creatinine.
CREATE OR REPLACE TABLE egfr_computed AS
SELECT
    day.measure,
    day.patient,
    day.date_low,
    day.date_high,
    MIN(CASE WHEN day.creatinine_high IS NULL THEN 0
             ELSE ckd_epi(request.scale, coefficient.breakpoint, coefficient.exponent_below,
                          request.exponent_above, request.age_base, coefficient.factor,
                          CAST(day.creatinine_high AS DOUBLE) / 1e9, day.age_high) END) AS low,
    -- no upper bound where creatinine may be next to nothing
    CASE WHEN MIN(COALESCE(day.creatinine_low, 0)) > 0
         THEN MAX(ckd_epi(request.scale, coefficient.breakpoint, coefficient.exponent_below,
                          request.exponent_above, request.age_base, coefficient.factor,
                          CAST(GREATEST(day.creatinine_low, 1) AS DOUBLE) / 1e9, day.age_low)) END AS high
FROM (
    SELECT
        egfr_day.*,
        patient.sex,
        completed_age(patient.birth_high, egfr_day.date_low, 'a') AS age_low,
        completed_age(patient.birth_low, egfr_day.date_high, 'a') AS age_high
    FROM egfr_day
    JOIN d_patient AS patient ON patient.patient = egfr_day.patient
    WHERE egfr_day.is_measured AND patient.birth_low IS NOT NULL
) AS day
JOIN egfr_request AS request ON request.measure = day.measure
JOIN egfr_coefficient AS coefficient
    ON coefficient.measure = day.measure
    AND (coefficient.sex = day.sex
         OR day.sex IS NULL OR day.sex NOT IN ('elig:Female', 'elig:Male'))
WHERE request.minimum_years IS NULL OR day.age_low >= request.minimum_years
GROUP BY day.measure, day.patient, day.date_low, day.date_high;

CREATE OR REPLACE TABLE egfr_value AS
SELECT
    day.measure,
    day.patient,
    day.date_low,
    day.date_high,
    CASE WHEN day.is_reported THEN as_low(day.reported_low)
         WHEN computed.patient IS NOT NULL
             THEN as_low(GREATEST(CAST(FLOOR(computed.low * 1e9) AS HUGEINT) - 1, 0)) END AS low,
    CASE WHEN day.is_reported THEN as_high(day.reported_high)
         WHEN computed.patient IS NOT NULL
             THEN as_high(CAST(CEIL(computed.high * 1e9) AS HUGEINT) + 1) END AS high,
    CASE WHEN day.is_reported THEN day.reported_fact
         WHEN computed.patient IS NOT NULL THEN day.creatinine_fact
         ELSE day.any_fact END AS fact,
    CASE WHEN day.is_reported THEN 'reported'
         WHEN computed.patient IS NOT NULL THEN 'computed'
         ELSE 'unusable' END AS how
FROM egfr_day AS day
LEFT JOIN egfr_computed AS computed
    ON computed.measure = day.measure AND computed.patient = day.patient
    AND computed.date_low = day.date_low AND computed.date_high = day.date_high;

-- Samples by the equation of 2021, for comparisons over time; a partial date lies between date and date_high.
CREATE OR REPLACE TABLE egfr_sample AS
SELECT patient, date_low AS date, low, high, fact, how, date_high
FROM egfr_value
WHERE measure = 'measure:egfrCkdEpi2021';

-- The newest sample of the window decides, whether it can be used or not. With partial dates all that may
-- be the newest count; at least one sample must certainly lie in the window.
CREATE OR REPLACE TABLE egfr_newest AS
SELECT windowed.*
FROM (
    SELECT
        value.*,
        MAX(CASE WHEN (request.days_before IS NULL
                       OR value.date_low >= plus_days(anchor_date.high, -request.days_before))
                      AND value.date_high <= screening.evaluation
                 THEN value.date_low END)
            OVER (PARTITION BY value.measure, value.patient) AS newest_day
    FROM egfr_value AS value
    JOIN egfr_request AS request ON request.measure = value.measure
    JOIN screening ON screening.patient = value.patient
    JOIN anchor_date ON anchor_date.patient = value.patient AND anchor_date.anchor = request.anchor
    WHERE (request.days_before IS NULL OR value.date_high >= plus_days(anchor_date.low, -request.days_before))
        AND value.date_low <= screening.evaluation
) AS windowed
WHERE windowed.date_high >= windowed.newest_day;

INSERT INTO measurement
SELECT
    patient,
    measure,
    CASE WHEN COUNT(low) = COUNT(*) THEN MIN(low) END,
    CASE WHEN COUNT(high) = COUNT(*) THEN MAX(high) END,
    NULL
FROM egfr_newest
GROUP BY patient, measure
HAVING COUNT(CASE WHEN how = 'unusable' THEN 1 END) = 0;

INSERT INTO measurement_source
SELECT DISTINCT newest.patient, newest.measure, sample.fact
FROM egfr_newest AS newest
JOIN measurement AS measured ON measured.patient = newest.patient AND measured.measure = newest.measure
JOIN egfr_fact AS sample
    ON sample.measure = newest.measure AND sample.patient = newest.patient
    AND sample.date_low = newest.date_low AND sample.date_high = newest.date_high
    AND sample.role = CASE newest.how WHEN 'reported' THEN 'reported' ELSE 'creatinine' END;
