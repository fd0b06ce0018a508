-- Coded results of tests: the latest in a window, whether a marker was ever positive, and how old the latest
-- result is.
--
-- A result can only decide if it has a day. Where partial dates leave open which result is the latest, all
-- that may be count. What is positive and what is negative is said by parameters of each family.

CREATE OR REPLACE TABLE result_request AS
SELECT
    declared.subject AS measure,
    declared.object AS family,
    COALESCE(MAX(CASE WHEN given.predicate = 'elig:anchor' THEN given.object END), 'elig:ScreeningDate')
        AS anchor,
    CAST(MAX(CASE WHEN given.predicate = 'elig:daysBefore' THEN given.object END) AS INTEGER) AS days_before,
    MAX(CASE WHEN given.predicate = 'elig:notAfterAnchor' THEN given.object END) AS not_after,
    MAX(CASE WHEN given.predicate = 'elig:stickyResult' THEN given.object END) AS sticky,
    MAX(meaning.positive) AS positive,
    MAX(meaning.negative) AS negative
FROM v_triple AS declared
JOIN v_triple AS given ON given.subject = declared.subject
LEFT JOIN (
    SELECT
        subject AS family,
        MAX(CASE WHEN predicate = 'elig:positiveResult' THEN object END) AS positive,
        MAX(CASE WHEN predicate = 'elig:negativeResult' THEN object END) AS negative
    FROM v_triple
    WHERE predicate IN ('elig:positiveResult', 'elig:negativeResult')
    GROUP BY subject
) AS meaning ON meaning.family = declared.object
WHERE declared.predicate = 'elig:family'
    AND declared.object IN ('elig:LatestResult', 'elig:EverResult', 'elig:ResultAge')
GROUP BY declared.subject, declared.object;

-- Results of the tests asked for. "sure": certainly in the window. A result that is not coded, whose code is
-- not known, or that is coded in several incomparable ways, has no concept.
CREATE OR REPLACE TABLE result_fact AS
SELECT
    request.measure,
    request.family,
    fact.patient,
    fact.fact,
    fact.start_low AS date_low,
    fact.start_high AS date_high,
    fact.start_low IS NOT NULL
        AND (request.days_before IS NULL
             OR COALESCE(fact.start_low >= plus_days(anchor_date.high, -request.days_before), FALSE))
        AND fact.start_high <= screening.evaluation AS sure,
    CASE WHEN COUNT(DISTINCT result.concept) = 1 AND MIN(result.concept) NOT LIKE 'urn:eligo:unmapped:%'
         THEN MIN(result.concept) END AS concept
FROM result_request AS request
JOIN v_triple AS kind ON kind.subject = request.measure AND kind.predicate = 'elig:ofKind'
JOIN v_below AS below ON below.kind = kind.object
JOIN fact ON fact.relation = 'elig:hasObservation' AND fact.concept = below.concept
JOIN screening ON screening.patient = fact.patient
JOIN anchor_date ON anchor_date.patient = fact.patient AND anchor_date.anchor = request.anchor
LEFT JOIN d_concept AS result ON result.fact = fact.fact AND result.property = 'elig:result'
WHERE NOT fact.planned
    AND (fact.start_low IS NULL OR fact.start_low <= screening.evaluation)
    AND (request.days_before IS NULL OR fact.start_high IS NULL
         OR fact.start_high >= plus_days(anchor_date.low, -request.days_before))
GROUP BY ALL;

-- What each result means: surely positive, surely negative, or possibly positive.
CREATE OR REPLACE TABLE result_meaning AS
SELECT
    result.measure,
    result.family,
    result.patient,
    result.fact,
    result.date_low,
    result.date_high,
    result.sure,
    result.concept,
    positive.concept IS NOT NULL AS is_positive,
    negative.concept IS NOT NULL AS is_negative,
    sticky.concept IS NOT NULL AS is_sticky,
    result.concept IS NULL AS is_unreadable,
    request.not_after
FROM result_fact AS result
JOIN result_request AS request ON request.measure = result.measure
LEFT JOIN v_below AS positive ON positive.concept = result.concept AND positive.kind = request.positive
LEFT JOIN v_below AS negative ON negative.concept = result.concept AND negative.kind = request.negative
LEFT JOIN v_below AS sticky ON sticky.concept = result.concept AND sticky.kind = request.sticky;

-- The latest results. A negative result surely after the last day allowed for one is passed over; one that
-- may be after it is not sure.
CREATE OR REPLACE TABLE result_latest AS
SELECT dated.*
FROM (
    SELECT
        result.*,
        MAX(CASE WHEN result.sure
                      AND NOT (result.is_negative AND result.not_after IS NOT NULL
                               AND COALESCE(result.date_high > limits.low, TRUE))
                 THEN result.date_low END)
            OVER (PARTITION BY result.measure, result.patient) AS latest_day
    FROM result_meaning AS result
    LEFT JOIN anchor_date AS limits
        ON limits.patient = result.patient AND limits.anchor = result.not_after
    WHERE result.date_low IS NOT NULL
        AND NOT (result.is_negative AND result.not_after IS NOT NULL
                 AND COALESCE(result.date_low > limits.high, FALSE))
) AS dated
WHERE dated.date_high >= dated.latest_day;

-- The concept that the latest results agree on. On one day: the most specific of comparable results, or a
-- positive one that every other can turn out to be (reactive, then confirmed). Over several possible days:
-- the widest. None where results are incomparable or one cannot be read.
CREATE OR REPLACE TABLE result_agreed AS
SELECT candidate.measure, candidate.family, candidate.patient, MIN(candidate.concept) AS concept
FROM (
    SELECT DISTINCT latest.measure, latest.family, latest.patient, latest.concept, latest.is_positive
    FROM result_latest AS latest
) AS candidate
JOIN (
    SELECT
        measure,
        patient,
        COUNT(DISTINCT concept) AS concepts,
        MIN(date_low) = MAX(date_high) AS one_day
    FROM result_latest
    GROUP BY measure, patient
    HAVING COUNT(*) = COUNT(concept)
) AS counted ON counted.measure = candidate.measure AND counted.patient = candidate.patient
JOIN (SELECT DISTINCT measure, patient, concept FROM result_latest) AS other
    ON other.measure = candidate.measure AND other.patient = candidate.patient
LEFT JOIN v_below AS up ON up.concept = candidate.concept AND up.kind = other.concept
LEFT JOIN v_can_be AS turn
    ON turn.concept = other.concept AND turn.kind = candidate.concept AND candidate.is_positive
LEFT JOIN v_below AS down ON down.concept = other.concept AND down.kind = candidate.concept
WHERE CASE WHEN counted.one_day THEN up.concept IS NOT NULL OR (turn.concept IS NOT NULL AND down.concept IS NULL)
           ELSE down.concept IS NOT NULL END
GROUP BY candidate.measure, candidate.family, candidate.patient, candidate.concept
HAVING COUNT(DISTINCT other.concept) = MIN(counted.concepts);

-- A negative result stands only if it is not older than the first positive result of the tests named: some
-- positive one surely precedes it, or every one that may be positive does. A result that cannot be read may be.
CREATE OR REPLACE TABLE result_outdated AS
SELECT latest.measure, latest.patient
FROM (
    SELECT measure, patient, MIN(date_low) AS date_low FROM result_latest GROUP BY measure, patient
) AS latest
JOIN (
    SELECT
        request.measure,
        fact.patient,
        MIN(CASE WHEN positive.concept IS NOT NULL THEN fact.start_high END) AS first_positive,
        MAX(COALESCE(fact.start_high, DATE '9999-12-31')) AS last_possible
    FROM result_request AS request
    JOIN v_triple AS test
        ON test.subject = request.measure AND test.predicate = 'elig:negativeNotBeforeFirstPositiveOf'
    JOIN v_below AS below ON below.kind = test.object
    JOIN fact ON fact.relation = 'elig:hasObservation' AND fact.concept = below.concept
    LEFT JOIN d_concept AS result ON result.fact = fact.fact AND result.property = 'elig:result'
    LEFT JOIN v_can_be AS possible
        ON possible.concept = result.concept AND possible.kind = request.positive
    LEFT JOIN v_below AS positive
        ON positive.concept = result.concept AND positive.kind = request.positive
    WHERE NOT fact.planned AND (possible.concept IS NOT NULL OR result.concept IS NULL)
    GROUP BY request.measure, fact.patient
) AS marker ON marker.measure = latest.measure AND marker.patient = latest.patient
WHERE NOT COALESCE(marker.first_positive <= latest.date_low, FALSE)
    AND marker.last_possible > latest.date_low;

-- Positive results that outlast later negative ones until a fact of a releasing kind is on record. One that may
-- be contradicted on its own day is not sure.
CREATE OR REPLACE TABLE result_sticky AS
SELECT
    positive.measure,
    positive.patient,
    positive.fact,
    positive.concept,
    positive.date_low,
    positive.sure AND COUNT(contrary.patient) = 0 AS sure,
    COUNT(release.fact) > 0 AS may_be_released,
    COUNT(CASE WHEN release.confirmed AND release.start_low >= positive.date_high
                    AND release.start_high <= release.evaluation THEN 1 END) > 0 AS released
FROM result_meaning AS positive
LEFT JOIN (
    SELECT DISTINCT
        kind.subject AS measure, fact.patient, fact.fact, fact.start_low, fact.start_high,
        n_fact.confirmed, n_fact.evaluation
    FROM v_triple AS kind
    JOIN v_below AS below ON below.kind = kind.object
    JOIN fact ON fact.concept = below.concept AND fact.relation IN ('elig:hasCondition', 'elig:hasProcedure')
    JOIN n_fact ON n_fact.fact = fact.fact AND n_fact.patient = fact.patient
    WHERE kind.predicate = 'elig:releasedBy' AND NOT fact.planned
) AS release
    ON release.measure = positive.measure AND release.patient = positive.patient
    AND (release.start_high IS NULL OR release.start_high >= positive.date_low)
LEFT JOIN (
    SELECT DISTINCT measure, patient, date_low, date_high FROM result_meaning WHERE is_negative
) AS contrary
    ON contrary.measure = positive.measure AND contrary.patient = positive.patient
    AND contrary.date_low <= positive.date_high AND contrary.date_high >= positive.date_low
WHERE positive.is_sticky AND positive.family = 'elig:LatestResult' AND positive.date_low IS NOT NULL
GROUP BY positive.measure, positive.patient, positive.fact, positive.concept, positive.date_low,
    positive.sure;

CREATE OR REPLACE TABLE result_held AS
SELECT
    sticky.measure,
    sticky.patient,
    MAX(CASE WHEN sticky.sure AND NOT sticky.may_be_released THEN 1 ELSE 0 END) = 1 AS stands,
    MAX(CASE WHEN NOT sticky.released THEN 1 ELSE 0 END) = 1 AS may_stand
FROM result_sticky AS sticky
GROUP BY sticky.measure, sticky.patient;

-- Latest result. A positive one that stands is the value whatever came later; where it may stand, only a
-- latest result that is positive too is given.
CREATE OR REPLACE TABLE result_value AS
SELECT DISTINCT
    agreed.measure,
    agreed.patient,
    agreed.concept
FROM result_agreed AS agreed
JOIN result_request AS request ON request.measure = agreed.measure
LEFT JOIN result_held AS held ON held.measure = agreed.measure AND held.patient = agreed.patient
LEFT JOIN result_outdated AS outdated
    ON outdated.measure = agreed.measure AND outdated.patient = agreed.patient
LEFT JOIN v_below AS positive ON positive.concept = agreed.concept AND positive.kind = request.sticky
LEFT JOIN v_below AS negative ON negative.concept = agreed.concept AND negative.kind = request.negative
WHERE agreed.family = 'elig:LatestResult'
    AND (positive.concept IS NOT NULL OR NOT COALESCE(held.may_stand, FALSE))
    AND NOT (negative.concept IS NOT NULL AND outdated.patient IS NOT NULL)
UNION ALL
SELECT held.measure, held.patient, request.sticky
FROM result_held AS held
JOIN result_request AS request ON request.measure = held.measure
LEFT JOIN (
    SELECT agreed.measure, agreed.patient
    FROM result_agreed AS agreed
    JOIN result_request AS asked ON asked.measure = agreed.measure
    JOIN v_below AS below ON below.concept = agreed.concept AND below.kind = asked.sticky
) AS positive ON positive.measure = held.measure AND positive.patient = held.patient
WHERE held.stands AND positive.patient IS NULL
UNION ALL
-- Ever positive; else the latest result, if every older one could be read.
SELECT ever.measure, ever.patient, ever.positive
FROM (
    SELECT meaning.measure, meaning.patient, request.positive
    FROM result_meaning AS meaning
    JOIN result_request AS request ON request.measure = meaning.measure
    WHERE meaning.family = 'elig:EverResult' AND meaning.is_positive
        AND (request.days_before IS NULL OR meaning.sure)
    GROUP BY meaning.measure, meaning.patient, request.positive
) AS ever
UNION ALL
SELECT agreed.measure, agreed.patient, agreed.concept
FROM result_agreed AS agreed
JOIN (
    SELECT measure, patient
    FROM result_meaning
    WHERE family = 'elig:EverResult'
    GROUP BY measure, patient
    HAVING COUNT(CASE WHEN is_positive OR is_unreadable THEN 1 END) = 0
) AS never ON never.measure = agreed.measure AND never.patient = agreed.patient
WHERE agreed.family = 'elig:EverResult';

INSERT INTO measurement SELECT patient, measure, NULL, NULL, concept FROM result_value;

INSERT INTO measurement_source
SELECT DISTINCT value.patient, value.measure, source.fact
FROM result_value AS value
JOIN (
    SELECT measure, patient, fact FROM result_latest
    UNION
    SELECT measure, patient, fact FROM result_meaning WHERE family = 'elig:EverResult' AND is_positive
    UNION
    SELECT measure, patient, fact FROM result_sticky WHERE NOT released
) AS source ON source.measure = value.measure AND source.patient = value.patient;

-- Days from the latest result to the anchor.
INSERT INTO measurement
SELECT
    latest.patient,
    latest.measure,
    CAST(MIN(days_between(latest.date_high, anchor_date.low)) AS DECIMAL(18, 9)),
    CASE WHEN MAX(anchor_date.high) IS NOT NULL
         THEN CAST(MAX(days_between(latest.date_low, anchor_date.high)) AS DECIMAL(18, 9)) END,
    NULL
FROM result_latest AS latest
JOIN result_request AS request ON request.measure = latest.measure
JOIN anchor_date ON anchor_date.patient = latest.patient AND anchor_date.anchor = request.anchor
WHERE latest.family = 'elig:ResultAge'
GROUP BY latest.patient, latest.measure;

INSERT INTO measurement_source
SELECT DISTINCT patient, measure, fact FROM result_latest WHERE family = 'elig:ResultAge';
