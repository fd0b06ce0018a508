-- The latest numeric value of a test in a window.
--
-- Values of the same latest day that differ span an interval. Where partial dates leave open which value
-- is the latest, all that may be span it. A latest value that cannot be read (no unit) leaves the measure
-- absent: an older one does not stand in for it.

CREATE OR REPLACE TABLE latest_value_request AS
SELECT
    declared.subject AS measure,
    COALESCE(MAX(CASE WHEN given.predicate = 'elig:anchor' THEN given.object END), 'elig:ScreeningDate')
        AS anchor,
    CAST(MAX(CASE WHEN given.predicate = 'elig:daysBefore' THEN given.object END) AS INTEGER) AS days_before,
    MAX(CASE WHEN given.predicate = 'elig:unit' THEN given.object END) AS unit
FROM v_triple AS declared
JOIN v_triple AS given ON given.subject = declared.subject
WHERE declared.predicate = 'elig:family' AND declared.object = 'elig:LatestValue'
GROUP BY declared.subject;

-- Values that may lie in the window, in billionths of the measure's unit; "sure": certainly in it.
CREATE OR REPLACE TABLE latest_value_candidate AS
SELECT
    found.measure,
    found.patient,
    found.fact,
    found.date_low,
    found.date_high,
    found.sure,
    CASE WHEN found.unit IS NULL THEN number.fact IS NOT NULL ELSE unit.unit IS NOT NULL END AS readable,
    CASE WHEN found.unit IS NULL THEN nano(number.low)
         ELSE div_floor(nano(quantity.low) * unit.den, unit.num) END AS low,
    CASE WHEN found.unit IS NULL THEN nano(number.high)
         ELSE div_ceil(nano(quantity.high) * unit.den, unit.num) END AS high
FROM (
    SELECT DISTINCT
        request.measure,
        request.unit,
        fact.patient,
        fact.fact,
        fact.start_low AS date_low,
        fact.start_high AS date_high,
        (request.days_before IS NULL
            OR COALESCE(fact.start_low >= plus_days(anchor_date.high, -request.days_before), FALSE))
            AND fact.start_high <= screening.evaluation AS sure
    FROM latest_value_request AS request
    JOIN v_triple AS kind ON kind.subject = request.measure AND kind.predicate = 'elig:ofKind'
    JOIN v_below AS below ON below.kind = kind.object
    JOIN fact ON fact.relation = 'elig:hasObservation' AND fact.concept = below.concept
    JOIN screening ON screening.patient = fact.patient
    JOIN anchor_date ON anchor_date.patient = fact.patient AND anchor_date.anchor = request.anchor
    WHERE NOT fact.planned
        AND fact.start_low <= screening.evaluation
        AND (request.days_before IS NULL
             OR fact.start_high >= plus_days(anchor_date.low, -request.days_before))
) AS found
LEFT JOIN d_quantity AS quantity
    ON quantity.fact = found.fact AND quantity.property = 'elig:quantity' AND found.unit IS NOT NULL
LEFT JOIN v_unit AS unit ON unit.unit = found.unit AND unit.canonical = quantity.unit
LEFT JOIN d_number AS number
    ON number.fact = found.fact AND number.property = 'elig:quantity' AND found.unit IS NULL;

CREATE OR REPLACE TABLE latest_value AS
SELECT dated.*
FROM (
    SELECT
        latest_value_candidate.*,
        MAX(CASE WHEN sure THEN date_low END) OVER (PARTITION BY measure, patient) AS latest_day
    FROM latest_value_candidate
) AS dated
WHERE dated.date_high >= dated.latest_day;

INSERT INTO measurement
SELECT
    patient,
    measure,
    as_low(CASE WHEN COUNT(low) = COUNT(*) THEN MIN(low) END),
    as_high(CASE WHEN COUNT(high) = COUNT(*) THEN MAX(high) END),
    NULL
FROM latest_value
GROUP BY patient, measure
HAVING COUNT(*) = COUNT(CASE WHEN readable THEN 1 END);

INSERT INTO measurement_source
SELECT DISTINCT latest.patient, latest.measure, latest.fact
FROM latest_value AS latest
JOIN measurement AS measured ON measured.patient = latest.patient AND measured.measure = latest.measure;
