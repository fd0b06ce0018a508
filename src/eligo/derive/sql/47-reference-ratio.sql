-- The latest value of a test divided by a reference limit of the same observation.
--
-- Values and limits of the same latest day that differ span an interval. Where partial dates leave open which
-- value is the latest, all that may be span it. A latest value without a limit leaves the measure absent, and
-- so does one that cannot be read: neither an older one nor the limit of another result stands in.

CREATE OR REPLACE TABLE ratio_request AS
SELECT
    declared.subject AS measure,
    divided.object AS divisor,
    COALESCE(MAX(CASE WHEN given.predicate = 'elig:anchor' THEN given.object END), 'elig:ScreeningDate')
        AS anchor,
    CAST(MAX(CASE WHEN given.predicate = 'elig:daysBefore' THEN given.object END) AS INTEGER) AS days_before
FROM v_triple AS declared
JOIN v_triple AS divided ON divided.subject = declared.object AND divided.predicate = 'elig:dividesBy'
JOIN v_triple AS given ON given.subject = declared.subject
WHERE declared.predicate = 'elig:family'
GROUP BY declared.subject, divided.object;

-- Values that may lie in the window and their limits, in billionths of the same canonical unit; "sure":
-- certainly in the window.
CREATE OR REPLACE TABLE ratio_pair AS
SELECT
    found.measure,
    found.divisor,
    found.patient,
    found.fact,
    found.concept,
    found.date_low,
    found.date_high,
    found.sure,
    nano(quantity.low) AS value_low,
    nano(quantity.high) AS value_high,
    nano(divisor.low) AS limit_low,
    nano(divisor.high) AS limit_high,
    divisor.fact IS NOT NULL AS limited,
    quantity.fact IS NOT NULL AND divisor.fact IS NOT NULL AND quantity.unit = divisor.unit AS comparable
FROM (
    SELECT DISTINCT
        request.measure,
        request.divisor,
        fact.patient,
        fact.fact,
        fact.concept,
        fact.start_low AS date_low,
        fact.start_high AS date_high,
        (request.days_before IS NULL
            OR COALESCE(fact.start_low >= plus_days(anchor_date.high, -request.days_before), FALSE))
            AND fact.start_high <= screening.evaluation AS sure
    FROM ratio_request AS request
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
LEFT JOIN d_quantity AS quantity ON quantity.fact = found.fact AND quantity.property = 'elig:quantity'
LEFT JOIN d_quantity AS divisor ON divisor.fact = found.fact AND divisor.property = found.divisor;

INSERT INTO data_problem
SELECT DISTINCT
    patient,
    fact,
    'elig:ImpossibleLimit',
    REPLACE(divisor, 'elig:', '') || ' of ' || REPLACE(concept, 'concept:', '')
FROM ratio_pair
WHERE limited AND limit_high <= 0;

CREATE OR REPLACE TABLE ratio_latest AS
SELECT
    dated.measure,
    dated.patient,
    dated.fact,
    dated.comparable AND COALESCE(dated.limit_high > 0, TRUE) AS readable,
    CASE WHEN dated.value_low >= 0
             THEN COALESCE(div_floor(dated.value_low * CAST(1000000000 AS HUGEINT), NULLIF(dated.limit_high, 0)), 0)
         WHEN dated.limit_low > 0
             THEN div_floor(dated.value_low * CAST(1000000000 AS HUGEINT), NULLIF(dated.limit_low, 0))
    END AS low,
    CASE WHEN dated.value_high < 0
             THEN COALESCE(div_ceil(dated.value_high * CAST(1000000000 AS HUGEINT), NULLIF(dated.limit_high, 0)), 0)
         WHEN dated.limit_low > 0
             THEN div_ceil(dated.value_high * CAST(1000000000 AS HUGEINT), NULLIF(dated.limit_low, 0))
    END AS high
FROM (
    SELECT
        ratio_pair.*,
        MAX(CASE WHEN sure THEN date_low END) OVER (PARTITION BY measure, patient) AS latest_day
    FROM ratio_pair
) AS dated
WHERE dated.date_high >= dated.latest_day;

INSERT INTO measurement
SELECT
    patient,
    measure,
    as_low(CASE WHEN COUNT(low) = COUNT(*) THEN MIN(low) END),
    as_high(CASE WHEN COUNT(high) = COUNT(*) THEN MAX(high) END),
    NULL
FROM ratio_latest
GROUP BY patient, measure
HAVING COUNT(*) = COUNT(CASE WHEN readable THEN 1 END);

INSERT INTO measurement_source
SELECT DISTINCT latest.patient, latest.measure, latest.fact
FROM ratio_latest AS latest
JOIN measurement AS measured ON measured.patient = latest.patient AND measured.measure = latest.measure;
