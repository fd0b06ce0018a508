-- Facts: what a record says, once entries that are withdrawn, refuted or not done are left out.

-- One status and one verification for a fact; contradictory ones never prove anything.
CREATE OR REPLACE TABLE n_status AS
SELECT
    fact,
    property,
    CASE WHEN COUNT(DISTINCT value) = 1 THEN MIN(value)
         WHEN property = 'elig:verificationStatus' THEN 'elig:Unconfirmed'
         ELSE 'elig:ConflictingStatus' END AS status,
    MAX(CASE WHEN value = 'elig:EnteredInError' THEN 1 ELSE 0 END) = 1 AS withdrawn
FROM e_attribute
WHERE property IN ('elig:eventStatus', 'elig:clinicalStatus', 'elig:verificationStatus')
GROUP BY fact, property;

CREATE OR REPLACE TABLE n_text AS
SELECT
    fact,
    MIN(CASE WHEN property = 'elig:studyIdentifier' THEN NULLIF(UPPER(TRIM(value)), '') END) AS study,
    MIN(CASE WHEN property = 'elig:sourceReference' THEN value END) AS source
FROM e_attribute
WHERE property IN ('elig:studyIdentifier', 'elig:sourceReference')
GROUP BY fact;

CREATE OR REPLACE TABLE n_link AS
SELECT DISTINCT link.patient, link.relation, link.fact, classified.object AS classifier
FROM e_link AS link
JOIN v_triple AS classified
    ON classified.subject = link.relation AND classified.predicate = 'elig:classifiedBy';

-- The days on which a fact began and ended. Point events begin and end on their date; a single date on
-- a condition or a participation is its beginning; an attestation counts from the day it was made,
-- whatever period it speaks of. An end that cannot be read is some day from the start on.
CREATE OR REPLACE TABLE n_period AS
SELECT
    dated.relation,
    dated.fact,
    dated.start_low,
    dated.start_high,
    CASE WHEN dated.end_unreadable THEN COALESCE(dated.start_low, DATE '0001-01-01') ELSE dated.end_low END
        AS end_low,
    CASE WHEN dated.end_unreadable THEN DATE '9999-12-31' ELSE dated.end_high END AS end_high
FROM (
    SELECT
        link.relation,
        link.fact,
        CASE WHEN link.relation = 'elig:hasAttestation' THEN COALESCE(point.low, began.low)
             ELSE COALESCE(began.low, point.low) END AS start_low,
        CASE WHEN link.relation = 'elig:hasAttestation' THEN COALESCE(point.high, began.high)
             ELSE COALESCE(began.high, point.high) END AS start_high,
        CASE WHEN link.relation = 'elig:hasAttestation' THEN COALESCE(point.low, began.low)
             WHEN link.relation IN ('elig:hasCondition', 'elig:hasTrialParticipation') THEN ended.low
             WHEN began.fact IS NULL THEN COALESCE(ended.low, point.low)
             ELSE ended.low END AS end_low,
        CASE WHEN link.relation = 'elig:hasAttestation' THEN COALESCE(point.high, began.high)
             WHEN link.relation IN ('elig:hasCondition', 'elig:hasTrialParticipation') THEN ended.high
             WHEN began.fact IS NULL THEN COALESCE(ended.high, point.high)
             ELSE ended.high END AS end_high,
        unreadable.fact IS NOT NULL AND link.relation <> 'elig:hasAttestation' AS end_unreadable
    FROM (SELECT DISTINCT relation, fact FROM n_link) AS link
    LEFT JOIN d_date AS point ON point.fact = link.fact AND point.property = 'elig:date'
    LEFT JOIN d_date AS began ON began.fact = link.fact AND began.property = 'elig:startDate'
    LEFT JOIN d_date AS ended ON ended.fact = link.fact AND ended.property = 'elig:endDate'
    LEFT JOIN d_date_unreadable AS unreadable
        ON unreadable.fact = link.fact AND unreadable.property = 'elig:endDate'
) AS dated;

-- Nothing ends before it begins: partial dates narrow each other; an end certainly before the start
-- leaves both anywhere between the two.
CREATE OR REPLACE TABLE n_consistent_period AS
SELECT
    relation,
    fact,
    CASE WHEN end_high < start_low THEN end_low ELSE start_low END AS start_low,
    CASE WHEN end_high < start_low THEN start_high
         WHEN end_high < start_high THEN end_high ELSE start_high END AS start_high,
    CASE WHEN end_high < start_low THEN end_low
         WHEN end_low < start_low THEN start_low ELSE end_low END AS end_low,
    CASE WHEN end_high < start_low THEN start_high ELSE end_high END AS end_high
FROM n_period;

CREATE OR REPLACE TABLE fact AS
SELECT
    link.patient,
    link.relation,
    link.fact,
    coded.concept,
    period.start_low,
    period.start_high,
    -- A drug that was stopped or completed did not go on to an end that is still to come: its last day is
    -- not known.
    CASE WHEN link.relation = 'elig:hasMedicationUse' AND event.status IN ('elig:Completed', 'elig:Stopped')
              AND period.end_low > screening.evaluation THEN NULL ELSE period.end_low END AS end_low,
    CASE WHEN link.relation = 'elig:hasMedicationUse' AND event.status IN ('elig:Completed', 'elig:Stopped')
              AND period.end_high > screening.evaluation
         THEN CASE WHEN period.end_low <= screening.evaluation THEN screening.evaluation END
         ELSE period.end_high END AS end_high,
    CASE WHEN link.relation = 'elig:hasCondition' THEN COALESCE(clinical.status, event.status)
         ELSE COALESCE(event.status, clinical.status) END AS status,
    verification.status AS verification,
    text.study,
    COALESCE(event.status = 'elig:Planned', FALSE) AS planned,
    text.source
FROM n_link AS link
JOIN screening ON screening.patient = link.patient
JOIN n_consistent_period AS period ON period.fact = link.fact AND period.relation = link.relation
LEFT JOIN d_concept AS coded ON coded.fact = link.fact AND coded.property = link.classifier
LEFT JOIN n_status AS event ON event.fact = link.fact AND event.property = 'elig:eventStatus'
LEFT JOIN n_status AS clinical ON clinical.fact = link.fact AND clinical.property = 'elig:clinicalStatus'
LEFT JOIN n_status AS verification
    ON verification.fact = link.fact AND verification.property = 'elig:verificationStatus'
LEFT JOIN n_text AS text ON text.fact = link.fact
WHERE COALESCE(event.status, '') <> 'elig:NotDone'
    AND COALESCE(verification.status, '') <> 'elig:Refuted'
    AND NOT COALESCE(event.withdrawn, FALSE)
    AND NOT COALESCE(clinical.withdrawn, FALSE)
    AND NOT COALESCE(verification.withdrawn, FALSE)
    AND (period.start_low IS NULL
         OR period.start_low <= screening.evaluation
         OR COALESCE(event.status = 'elig:Planned', FALSE)
         OR link.relation IN (
             SELECT subject FROM v_triple WHERE predicate = 'elig:countsPlanned' AND object = 'true'));
