-- What a person stated: the latest statement of a kind wins; contradictory ones of that day leave it open.

CREATE OR REPLACE TABLE attestation_request AS
SELECT
    declared.subject AS measure,
    declared.object AS family,
    COALESCE(MAX(CASE WHEN given.predicate = 'elig:anchor' THEN given.object END), 'elig:EvaluationDate')
        AS anchor,
    CAST(MAX(CASE WHEN given.predicate = 'elig:monthsAfter' THEN given.object END) AS INTEGER) AS months_after,
    COALESCE(MAX(CASE WHEN given.predicate = 'elig:mustNameTrial' THEN given.object END) = 'true', FALSE)
        AS must_name,
    COALESCE(MAX(CASE WHEN given.predicate = 'elig:notOfOtherTrial' THEN given.object END) = 'true', FALSE)
        AS not_other
FROM v_triple AS declared
JOIN v_triple AS given ON given.subject = declared.subject
WHERE declared.predicate = 'elig:family'
    AND declared.object IN ('elig:LatestAttestation', 'elig:AttestationPeriodStart',
                            'elig:AttestationPeriodEndMargin')
GROUP BY declared.subject, declared.object;

-- Statements at or below the kind. For a plain attestation the anchor is the last day on which a yes
-- counts; a no counts up to the evaluation, since it may withdraw the yes. For a period the anchor is what
-- the period is compared with. A statement without a date may be the latest. Where a question is about the
-- trial, a statement that names another study, or none, does not count.
CREATE OR REPLACE TABLE attestation_candidate AS
SELECT DISTINCT
    request.measure,
    request.family,
    fact.patient,
    fact.fact,
    COALESCE(fact.start_low, DATE '0001-01-01') AS date_low,
    COALESCE(fact.start_high, last_day.high, DATE '9999-12-31') AS date_high,
    COALESCE(fact.start_high <= last_day.low, request.anchor = 'elig:EvaluationDate') AS sure,
    answer.value AS answer
FROM attestation_request AS request
JOIN v_triple AS kind ON kind.subject = request.measure AND kind.predicate = 'elig:ofKind'
JOIN v_below AS below ON below.kind = kind.object
JOIN fact ON fact.relation = 'elig:hasAttestation' AND fact.concept = below.concept
JOIN d_boolean AS answer ON answer.fact = fact.fact AND answer.property = 'elig:answer'
JOIN screening ON screening.patient = fact.patient
JOIN anchor_date AS last_day
    ON last_day.patient = fact.patient
    AND last_day.anchor = CASE WHEN request.family = 'elig:LatestAttestation' AND answer.value = 'true'
                               THEN request.anchor ELSE 'elig:EvaluationDate' END
WHERE NOT fact.planned
    AND COALESCE(fact.verification, 'elig:Confirmed') = 'elig:Confirmed'
    AND (fact.start_low IS NULL OR last_day.high IS NULL OR fact.start_low <= last_day.high)
    AND CASE WHEN fact.study IS NULL THEN NOT request.must_name
             ELSE NOT (request.must_name OR request.not_other)
                  OR fact.study = UPPER(regexp_extract(screening.trial, '([^/:#]+)/?$', 1)) END;

-- The latest statements: with partial dates all that may be the latest.
CREATE OR REPLACE TABLE attestation_latest AS
SELECT dated.*
FROM (
    SELECT
        attestation_candidate.*,
        MAX(CASE WHEN sure THEN date_low END) OVER (PARTITION BY measure, patient) AS latest_day
    FROM attestation_candidate
) AS dated
WHERE dated.date_high >= dated.latest_day;

INSERT INTO measurement
SELECT patient, measure, NULL, NULL, MIN(answer)
FROM attestation_latest
WHERE family = 'elig:LatestAttestation'
GROUP BY patient, measure
HAVING COUNT(DISTINCT answer) = 1;

-- The period that the latest statements, all of them agreeing, speak of. A start that is missing is the
-- day of the statement; a date that cannot be read leaves the period open.
CREATE OR REPLACE TABLE attestation_period AS
SELECT
    latest.patient,
    latest.measure,
    latest.family,
    latest.fact,
    CASE WHEN start_unreadable.fact IS NULL THEN COALESCE(began.low, latest.date_low) END AS start_low,
    CASE WHEN start_unreadable.fact IS NULL THEN COALESCE(began.high, latest.date_high) END AS start_high,
    CASE WHEN end_unreadable.fact IS NULL THEN ended.low END AS end_low,
    CASE WHEN end_unreadable.fact IS NULL THEN ended.high END AS end_high,
    -- months count only where no end is stated
    CASE WHEN end_unreadable.fact IS NULL AND ended.fact IS NULL THEN CAST(FLOOR(months.low) AS INTEGER) END
        AS months_low,
    CASE WHEN end_unreadable.fact IS NULL AND ended.fact IS NULL THEN CAST(CEIL(months.high) AS INTEGER) END
        AS months_high
FROM attestation_latest AS latest
JOIN (
    SELECT patient, measure FROM attestation_latest
    GROUP BY patient, measure HAVING MIN(answer) = 'true'
) AS agreed ON agreed.patient = latest.patient AND agreed.measure = latest.measure
LEFT JOIN d_date AS began ON began.fact = latest.fact AND began.property = 'elig:startDate'
LEFT JOIN d_date AS ended ON ended.fact = latest.fact AND ended.property = 'elig:endDate'
LEFT JOIN d_date_unreadable AS start_unreadable
    ON start_unreadable.fact = latest.fact AND start_unreadable.property = 'elig:startDate'
LEFT JOIN d_date_unreadable AS end_unreadable
    ON end_unreadable.fact = latest.fact AND end_unreadable.property = 'elig:endDate'
LEFT JOIN d_number AS months
    ON months.fact = latest.fact AND months.property = 'elig:monthsAfterIntervention'
WHERE latest.family <> 'elig:LatestAttestation';

-- Days from the anchor to the start of the period.
INSERT INTO measurement
SELECT
    period.patient,
    period.measure,
    CASE WHEN MAX(anchor_date.high) IS NOT NULL
         THEN CAST(MIN(days_between(anchor_date.high, period.start_low)) AS DECIMAL(18, 9)) END,
    CAST(MAX(days_between(anchor_date.low, period.start_high)) AS DECIMAL(18, 9)),
    NULL
FROM attestation_period AS period
JOIN attestation_request AS request ON request.measure = period.measure
JOIN anchor_date ON anchor_date.patient = period.patient AND anchor_date.anchor = request.anchor
WHERE period.family = 'elig:AttestationPeriodStart'
GROUP BY period.patient, period.measure
HAVING COUNT(*) = COUNT(period.start_low);

-- Days by which the period outlasts the anchor plus so many calendar months. A period "until m months
-- after" is exact where the anchor is known; otherwise a month is 28 to 31 days.
INSERT INTO measurement
SELECT
    patient,
    measure,
    CASE WHEN COUNT(low) = COUNT(*) THEN CAST(MIN(low) AS DECIMAL(18, 9)) END,
    CASE WHEN COUNT(high) = COUNT(*) THEN CAST(MAX(high) AS DECIMAL(18, 9)) END,
    NULL
FROM (
    SELECT
        period.patient,
        period.measure,
        period.end_low IS NOT NULL OR period.months_low IS NOT NULL AS known,
        CASE
            WHEN period.end_low IS NOT NULL THEN days_between(limits.high, period.end_low)
            WHEN limits.high IS NOT NULL
                THEN days_between(limits.high,
                                  CAST(limits.anchor_high + INTERVAL 1 MONTH * period.months_low AS DATE))
            WHEN period.months_low >= limits.months THEN (period.months_low - limits.months) * 28
            ELSE (period.months_low - limits.months) * 31
        END AS low,
        CASE
            WHEN period.end_low IS NOT NULL THEN days_between(limits.low, period.end_high)
            WHEN limits.high IS NOT NULL
                THEN days_between(limits.low,
                                  CAST(limits.anchor_low + INTERVAL 1 MONTH * period.months_high AS DATE))
            WHEN period.months_high >= limits.months THEN (period.months_high - limits.months) * 31
            ELSE (period.months_high - limits.months) * 28
        END AS high
    FROM attestation_period AS period
    JOIN (
        SELECT
            anchor_date.patient,
            request.measure,
            COALESCE(request.months_after, 0) AS months,
            anchor_date.low AS anchor_low,
            anchor_date.high AS anchor_high,
            CAST(anchor_date.low + INTERVAL 1 MONTH * COALESCE(request.months_after, 0) AS DATE) AS low,
            CAST(anchor_date.high + INTERVAL 1 MONTH * COALESCE(request.months_after, 0) AS DATE) AS high
        FROM attestation_request AS request
        JOIN anchor_date ON anchor_date.anchor = request.anchor
    ) AS limits ON limits.patient = period.patient AND limits.measure = period.measure
    WHERE period.family = 'elig:AttestationPeriodEndMargin'
) AS margin
GROUP BY patient, measure
HAVING COUNT(*) = COUNT(CASE WHEN known THEN 1 END);

INSERT INTO measurement_source
SELECT DISTINCT latest.patient, latest.measure, latest.fact
FROM attestation_latest AS latest
JOIN measurement AS measured ON measured.patient = latest.patient AND measured.measure = latest.measure;
