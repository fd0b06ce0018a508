-- Body mass index: as reported, or weight in kg over the square of the height in m.
--
-- The newest day of the window decides, whether it can be used or not; all values of that day span an
-- interval. Numbers are billionths; the one division is rounded outward.

CREATE OR REPLACE TABLE bmi_request AS
SELECT
    declared.subject AS measure,
    COALESCE(MAX(CASE WHEN given.predicate = 'elig:anchor' THEN given.object END), 'elig:ScreeningDate')
        AS anchor,
    CAST(MAX(CASE WHEN given.predicate = 'elig:daysBefore' THEN given.object END) AS INTEGER) AS days_before,
    MAX(CASE WHEN given.predicate = 'elig:heightMeasure' THEN given.object END) AS height,
    MAX(CASE WHEN given.predicate = 'elig:unit' THEN given.object END) AS unit,
    CAST(MAX(CASE WHEN given.predicate = 'elig:implausibleBelow' THEN given.object END) AS DECIMAL(18, 9))
        AS implausible_below,
    CAST(MAX(CASE WHEN given.predicate = 'elig:implausibleAbove' THEN given.object END) AS DECIMAL(18, 9))
        AS implausible_above
FROM v_triple AS declared
JOIN v_triple AS given ON given.subject = declared.subject
WHERE declared.predicate = 'elig:family' AND declared.object = 'elig:BodyMassIndex'
GROUP BY declared.subject;

-- Reported indices and weights that may lie in the window; "sure": certainly in it.
CREATE OR REPLACE TABLE bmi_fact AS
SELECT
    found.measure,
    found.patient,
    found.fact,
    found.date_low,
    found.date_high,
    found.sure,
    found.role,
    quantity.fact IS NOT NULL AND unit.unit IS NOT NULL AS readable,
    GREATEST(div_floor(nano(quantity.low) * unit.den, unit.num), 0) AS low,
    div_ceil(nano(quantity.high) * unit.den, unit.num) AS high
FROM (
    SELECT
        request.measure,
        request.unit,
        fact.patient,
        fact.fact,
        fact.start_low AS date_low,
        fact.start_high AS date_high,
        (request.days_before IS NULL
            OR fact.start_low >= plus_days(anchor_date.high, -request.days_before))
            AND fact.start_high <= screening.evaluation AS sure,
        MIN(CASE given.predicate WHEN 'elig:reportedKind' THEN 'reported' ELSE 'weight' END) AS role
    FROM bmi_request AS request
    JOIN v_triple AS given
        ON given.subject = request.measure AND given.predicate IN ('elig:reportedKind', 'elig:weightKind')
    JOIN v_below AS below ON below.kind = given.object
    JOIN fact ON fact.relation = 'elig:hasObservation' AND fact.concept = below.concept
    JOIN screening ON screening.patient = fact.patient
    JOIN anchor_date ON anchor_date.patient = fact.patient AND anchor_date.anchor = request.anchor
    WHERE NOT fact.planned
        AND fact.start_low <= screening.evaluation
        AND (request.days_before IS NULL
             OR fact.start_high >= plus_days(anchor_date.low, -request.days_before))
    GROUP BY ALL
) AS found
LEFT JOIN d_quantity AS quantity ON quantity.fact = found.fact AND quantity.property = 'elig:quantity'
LEFT JOIN v_unit AS unit
    ON unit.unit = CASE found.role WHEN 'weight' THEN 'kg' ELSE found.unit END
    AND unit.canonical = quantity.unit;

-- The index of each of them, in billionths. A weight needs a height; where that has no end, neither has the
-- index.
CREATE OR REPLACE TABLE bmi_value AS
SELECT
    found.measure,
    found.patient,
    found.fact,
    found.role,
    found.date_low,
    found.date_high,
    found.sure,
    found.role = 'reported' OR height.patient IS NOT NULL AS has_height,
    found.readable,
    CASE WHEN found.role = 'reported' THEN found.low
         WHEN found.low IS NULL OR height.high IS NULL OR height.high <= 0 THEN 0
         ELSE COALESCE(div_floor(product(found.low, 1000000000000000000), nano(height.high) * nano(height.high)), 0)
    END AS low,
    CASE WHEN found.role = 'reported' THEN found.high
         WHEN found.high IS NULL OR height.low IS NULL OR height.low <= 0 THEN NULL
         ELSE div_ceil(product(found.high, 1000000000000000000), nano(height.low) * nano(height.low))
    END AS high
FROM bmi_fact AS found
JOIN bmi_request AS request ON request.measure = found.measure
LEFT JOIN measurement AS height ON height.patient = found.patient AND height.measure = request.height;

-- The newest days: with partial dates all that may be the newest. A weight without a height is passed over
-- where an index is reported for the same day.
CREATE OR REPLACE TABLE bmi_newest AS
SELECT dated.*
FROM (
    SELECT
        value.*,
        MAX(CASE WHEN value.sure THEN value.date_low END) OVER (PARTITION BY value.measure, value.patient)
            AS newest_day
    FROM bmi_value AS value
    WHERE value.has_height
        OR NOT EXISTS (
            SELECT 1 FROM bmi_value AS other
            WHERE other.measure = value.measure AND other.patient = value.patient
                AND other.role = 'reported' AND other.date_low = value.date_low
                AND other.date_high = value.date_high AND value.date_low = value.date_high)
) AS dated
WHERE dated.date_high >= dated.newest_day;

INSERT INTO measurement
SELECT
    newest.patient,
    newest.measure,
    as_low(MIN(newest.low)),
    as_high(CASE WHEN COUNT(newest.high) = COUNT(*) THEN MAX(newest.high) END),
    NULL
FROM bmi_newest AS newest
JOIN bmi_request AS request ON request.measure = newest.measure
GROUP BY newest.patient, newest.measure
HAVING COUNT(CASE WHEN newest.readable AND newest.has_height
                       AND NOT COALESCE(newest.low > nano(request.implausible_above), FALSE)
                       AND NOT COALESCE(newest.high < nano(request.implausible_below), FALSE) THEN 1 END)
    = COUNT(*);

INSERT INTO measurement_source
SELECT DISTINCT newest.patient, newest.measure, newest.fact
FROM bmi_newest AS newest
JOIN measurement AS measured ON measured.patient = newest.patient AND measured.measure = newest.measure
UNION
SELECT DISTINCT newest.patient, newest.measure, source.fact
FROM bmi_newest AS newest
JOIN bmi_request AS request ON request.measure = newest.measure
JOIN measurement AS measured ON measured.patient = newest.patient AND measured.measure = newest.measure
JOIN measurement_source AS source ON source.patient = newest.patient AND source.measure = request.height
WHERE newest.role = 'weight';
