-- Attributes that are derived for single facts. No row: not known.

-- Booleans as recorded; a fact with both values has neither.
CREATE OR REPLACE TABLE d_boolean AS
SELECT fact, property, MIN(answer) AS value
FROM (
    SELECT
        fact,
        property,
        CASE WHEN LOWER(TRIM(value)) IN ('true', '1') THEN 'true'
             WHEN LOWER(TRIM(value)) IN ('false', '0') THEN 'false' END AS answer
    FROM e_attribute
    WHERE datatype = 'xsd:boolean'
) AS written
WHERE answer IS NOT NULL
GROUP BY fact, property
HAVING COUNT(DISTINCT answer) = 1;

-- Facts once each, whatever number of concepts they have.
CREATE OR REPLACE TABLE n_fact AS
SELECT DISTINCT
    fact.patient, fact.relation, fact.fact, fact.start_low, fact.start_high, fact.end_low, fact.end_high,
    fact.status, fact.verification, fact.study, fact.planned,
    screening.screening, screening.evaluation,
    fact.verification IS NULL OR fact.verification = 'elig:Confirmed' AS confirmed
FROM fact
JOIN screening ON screening.patient = fact.patient;

-- Days from the start of a fact to an anchor.
INSERT INTO fact_attribute
SELECT DISTINCT
    n_fact.patient,
    n_fact.fact,
    CASE anchor_date.anchor WHEN 'elig:ScreeningDate' THEN 'elig:daysBeforeScreening'
         ELSE 'elig:daysBeforeIntervention' END,
    CAST(days_between(n_fact.start_high, anchor_date.low) AS DECIMAL(18, 9)),
    CAST(days_between(n_fact.start_low, anchor_date.high) AS DECIMAL(18, 9)),
    NULL
FROM n_fact
JOIN anchor_date
    ON anchor_date.patient = n_fact.patient
    AND anchor_date.anchor IN ('elig:ScreeningDate', 'elig:PlannedInterventionDate')
WHERE n_fact.start_low IS NOT NULL;

-- Days from the end of a condition or a stay in hospital to screening.
INSERT INTO fact_attribute
SELECT DISTINCT
    patient,
    fact,
    'elig:endDaysBeforeScreening',
    CAST(days_between(end_high, screening) AS DECIMAL(18, 9)),
    CAST(days_between(end_low, screening) AS DECIMAL(18, 9)),
    NULL
FROM n_fact
WHERE relation IN ('elig:hasCondition', 'elig:hasHospitalization') AND end_low IS NOT NULL
UNION ALL
-- who is in hospital on the day of the evaluation was so at screening, or came later
SELECT DISTINCT patient, fact, 'elig:endDaysBeforeScreening', NULL, CAST(0 AS DECIMAL(18, 9)), NULL
FROM n_fact
WHERE relation = 'elig:hasHospitalization' AND end_low IS NULL AND status = 'elig:Active' AND NOT planned;

-- Confirmed: stated, or not doubted.
INSERT INTO fact_attribute
SELECT DISTINCT patient, fact, 'elig:isConfirmed', NULL, NULL, 'true'
FROM n_fact
WHERE confirmed
    AND relation IN ('elig:hasCondition', 'elig:hasAdverseReaction', 'elig:hasContraindication',
                     'elig:hasProcedure', 'elig:hasImmunization', 'elig:hasFamilyHistory',
                     'elig:hasHospitalization');

-- Current: a drug that is taken on the screening day.
CREATE OR REPLACE TABLE n_current AS
SELECT
    n_fact.patient,
    n_fact.fact,
    CASE
        WHEN start_low > screening OR end_high < screening THEN 'false'
        WHEN planned OR status = 'elig:ConflictingStatus' THEN NULL
        -- the status is that of the evaluation: what ended by then may still have been taken at screening
        WHEN end_low IS NULL AND status IN ('elig:Completed', 'elig:Stopped', 'elig:OnHold')
            THEN CASE WHEN evaluation <= screening THEN 'false' END
        WHEN status = 'elig:OnHold' THEN NULL
        -- a later record may have taken its place, or a statement says otherwise
        WHEN last_sure < screening OR denied THEN NULL
        WHEN start_high <= screening AND end_low >= screening THEN 'true'
        WHEN end_low IS NULL AND start_high <= screening AND COALESCE(status, 'elig:Active') = 'elig:Active'
            THEN 'true'
        -- no start on record, but active on the day of evaluation
        WHEN end_low IS NULL AND start_low IS NULL AND status = 'elig:Active' AND evaluation <= screening
            THEN 'true'
    END AS value
FROM n_fact
LEFT JOIN med_sure_until ON med_sure_until.fact = n_fact.fact AND med_sure_until.patient = n_fact.patient
WHERE relation = 'elig:hasMedicationUse';

INSERT INTO fact_attribute
SELECT patient, fact, 'elig:isCurrent', NULL, NULL, value FROM n_current WHERE value IS NOT NULL;

-- Days from the recorded last day of a drug or procedure to screening, unless a statement leaves open
-- whether the drug was taken.
INSERT INTO fact_attribute
SELECT DISTINCT
    n_fact.patient,
    n_fact.fact,
    'elig:endDaysBeforeScreening',
    CAST(days_between(n_fact.end_high, n_fact.screening) AS DECIMAL(18, 9)),
    CAST(days_between(n_fact.end_low, n_fact.screening) AS DECIMAL(18, 9)),
    NULL
FROM n_fact
LEFT JOIN med_sure_until ON med_sure_until.fact = n_fact.fact AND med_sure_until.patient = n_fact.patient
WHERE n_fact.relation IN ('elig:hasMedicationUse', 'elig:hasProcedure')
    AND n_fact.end_low IS NOT NULL
    AND NOT COALESCE(med_sure_until.denied, FALSE);

-- Drugs that are surely taken now, with what they are given for.
CREATE OR REPLACE TABLE n_treatment AS
SELECT DISTINCT n_current.patient, n_current.fact, indication.concept
FROM n_current
JOIN d_concept AS indication
    ON indication.fact = n_current.fact AND indication.property = 'elig:indication'
WHERE n_current.value = 'true';

-- Conditions under treatment: the record says so, or the indication of a current drug is the condition or a
-- kind of it. An indication that is wider than the condition leaves it open ("possible").
CREATE OR REPLACE TABLE n_treated AS
SELECT condition.patient, condition.fact, 'sure' AS treatment, NULL AS source
FROM n_fact AS condition
JOIN d_boolean AS treated
    ON treated.fact = condition.fact AND treated.property = 'elig:underTreatment' AND treated.value = 'true'
WHERE condition.relation = 'elig:hasCondition'
UNION
SELECT condition.patient, condition.fact, 'sure', treatment.fact
FROM fact AS condition
JOIN n_treatment AS treatment ON treatment.patient = condition.patient
JOIN v_below AS below ON below.concept = treatment.concept AND below.kind = condition.concept
WHERE condition.relation = 'elig:hasCondition'
UNION
SELECT condition.patient, condition.fact, 'possible', treatment.fact
FROM fact AS condition
JOIN n_treatment AS treatment ON treatment.patient = condition.patient
JOIN v_below AS below ON below.concept = condition.concept AND below.kind = treatment.concept
WHERE condition.relation = 'elig:hasCondition';

-- Active: by status or by treatment; over: by status or by an end on or before screening.
CREATE OR REPLACE TABLE n_active AS
SELECT
    condition.patient,
    condition.fact,
    CASE
        WHEN treatment.sure = 1 THEN CASE WHEN condition.confirmed THEN 'true' END
        WHEN condition.status IN ('elig:Active', 'elig:Recurrence', 'elig:Relapse')
            THEN CASE WHEN condition.confirmed
                          AND (condition.end_low IS NULL OR condition.end_low > condition.screening)
                      THEN 'true' END
        WHEN treatment.sure = 0 OR condition.status = 'elig:ConflictingStatus' THEN NULL
        WHEN condition.end_high <= condition.screening THEN 'false'
        WHEN condition.status IN ('elig:Inactive', 'elig:Remission', 'elig:Resolved')
            AND (condition.end_low IS NULL OR condition.end_low <= condition.screening) THEN 'false'
    END AS value
FROM n_fact AS condition
LEFT JOIN (
    SELECT patient, fact, MAX(CASE treatment WHEN 'sure' THEN 1 ELSE 0 END) AS sure
    FROM n_treated GROUP BY patient, fact
) AS treatment ON treatment.patient = condition.patient AND treatment.fact = condition.fact
WHERE condition.relation = 'elig:hasCondition';

INSERT INTO fact_attribute
SELECT patient, fact, 'elig:isActive', NULL, NULL, value FROM n_active WHERE value IS NOT NULL;

INSERT INTO fact_source
SELECT DISTINCT n_treated.patient, n_treated.fact, n_treated.source
FROM n_treated
JOIN n_active ON n_active.patient = n_treated.patient AND n_active.fact = n_treated.fact
WHERE n_treated.source IS NOT NULL AND n_treated.treatment = 'sure' AND n_active.value = 'true';

-- Symptomatic: recorded, or implied by the functional class; "yes" wins.
CREATE OR REPLACE TABLE n_symptomatic AS
SELECT patient, fact, MAX(value) AS value
FROM (
    SELECT condition.patient, condition.fact, recorded.value
    FROM n_fact AS condition
    JOIN d_boolean AS recorded
        ON recorded.fact = condition.fact AND recorded.property = 'elig:symptomatic'
    WHERE condition.relation = 'elig:hasCondition'
    UNION
    SELECT condition.patient, condition.fact,
           CASE WHEN LOWER(implied.object) IN ('true', '1') THEN 'true' ELSE 'false' END
    FROM n_fact AS condition
    JOIN d_concept AS class ON class.fact = condition.fact AND class.property = 'elig:functionalClass'
    JOIN v_below AS below ON below.concept = class.concept
    JOIN v_triple AS implied
        ON implied.subject = below.kind AND implied.predicate = 'elig:impliesSymptomatic'
    WHERE condition.relation = 'elig:hasCondition'
) AS sign
GROUP BY patient, fact;

INSERT INTO fact_attribute
SELECT patient, fact, 'elig:isSymptomatic', NULL, NULL, value FROM n_symptomatic;

-- Uncontrolled: recorded, or symptomatic; controlled: recorded, or mild.
INSERT INTO fact_attribute
SELECT patient, fact, 'elig:isUncontrolled', NULL, NULL, MAX(value)
FROM (
    SELECT patient, fact, value FROM n_symptomatic WHERE value = 'true'
    UNION
    SELECT condition.patient, condition.fact,
           CASE WHEN recorded.value = 'elig:Uncontrolled' THEN 'true' ELSE 'false' END
    FROM n_fact AS condition
    JOIN e_attribute AS recorded ON recorded.fact = condition.fact
    WHERE condition.relation = 'elig:hasCondition'
        AND ((recorded.property = 'elig:controlStatus'
              AND recorded.value IN ('elig:Controlled', 'elig:Uncontrolled'))
             OR (recorded.property = 'elig:severity' AND recorded.value = 'elig:Mild'))
) AS sign
GROUP BY patient, fact;

-- Severe adverse reactions, by any of several scales; "severe" by one scale wins.
CREATE OR REPLACE TABLE n_severe_sign AS
SELECT patient, fact, MAX(value) AS value
FROM (
    SELECT reaction.patient, reaction.fact,
           CASE WHEN recorded.value = 'elig:Severe' THEN 'true' ELSE 'false' END AS value
    FROM n_fact AS reaction
    JOIN e_attribute AS recorded ON recorded.fact = reaction.fact AND recorded.property = 'elig:severity'
    WHERE reaction.relation = 'elig:hasAdverseReaction'
        AND recorded.value IN ('elig:Mild', 'elig:Moderate', 'elig:Severe')
    UNION
    SELECT reaction.patient, reaction.fact,
           CASE WHEN grade.low >= CAST(threshold.object AS DECIMAL(18, 9)) THEN 'true'
                WHEN grade.high < CAST(threshold.object AS DECIMAL(18, 9)) THEN 'false' END
    FROM n_fact AS reaction
    JOIN d_number AS grade ON grade.fact = reaction.fact AND grade.property = 'elig:ctcaeGrade'
    JOIN v_triple AS threshold
        ON threshold.subject = 'elig:isSevere' AND threshold.predicate = 'elig:threshold'
    WHERE reaction.relation = 'elig:hasAdverseReaction'
    UNION
    SELECT reaction.patient, reaction.fact, 'true'
    FROM n_fact AS reaction
    JOIN d_concept AS manifestation
        ON manifestation.fact = reaction.fact AND manifestation.property = 'elig:manifestation'
    JOIN v_below AS below ON below.concept = manifestation.concept
    JOIN v_triple AS severe
        ON severe.subject = 'elig:isSevere' AND severe.predicate = 'elig:ofKind'
        AND severe.object = below.kind
    WHERE reaction.relation = 'elig:hasAdverseReaction'
    UNION
    SELECT reaction.patient, reaction.fact, 'true'
    FROM n_fact AS reaction
    JOIN d_boolean AS admitted ON admitted.fact = reaction.fact
        AND admitted.property = 'elig:hospitalized' AND admitted.value = 'true'
    WHERE reaction.relation = 'elig:hasAdverseReaction'
    UNION
    SELECT reaction.patient, reaction.fact, 'true'
    FROM n_fact AS reaction
    JOIN e_attribute AS criticality ON criticality.fact = reaction.fact
        AND criticality.property = 'elig:criticality' AND criticality.value = 'elig:HighCriticality'
    JOIN (
        SELECT fact FROM d_concept WHERE property = 'elig:manifestation'
        UNION
        SELECT fact FROM e_attribute WHERE property = 'elig:severity'
    ) AS happened ON happened.fact = reaction.fact
    WHERE reaction.relation = 'elig:hasAdverseReaction'
) AS scale
WHERE value IS NOT NULL
GROUP BY patient, fact;

-- A manifestation that may be a severe one leaves a reaction open that is not otherwise severe.
CREATE OR REPLACE TABLE n_severe AS
SELECT sign.patient, sign.fact, sign.value
FROM n_severe_sign AS sign
LEFT JOIN (
    SELECT DISTINCT manifestation.fact
    FROM d_concept AS manifestation
    JOIN v_can_be AS possible ON possible.concept = manifestation.concept
    JOIN v_triple AS severe
        ON severe.subject = 'elig:isSevere' AND severe.predicate = 'elig:ofKind'
        AND severe.object = possible.kind
    WHERE manifestation.property = 'elig:manifestation'
) AS doubt ON doubt.fact = sign.fact
WHERE sign.value = 'true' OR doubt.fact IS NULL;

INSERT INTO fact_attribute
SELECT patient, fact, 'elig:isSevere', NULL, NULL, value FROM n_severe;

-- Whether a fact belongs to the trial that is screened for. A drug or procedure without a study does not.
INSERT INTO fact_attribute
SELECT
    n_fact.patient,
    n_fact.fact,
    'elig:isUnderThisTrial',
    NULL,
    NULL,
    CASE WHEN n_fact.study = UPPER(regexp_extract(screening.trial, '([^/:#]+)/?$', 1)) THEN 'true' ELSE 'false' END
FROM n_fact
JOIN screening ON screening.patient = n_fact.patient
LEFT JOIN (
    SELECT fact FROM e_attribute WHERE property = 'elig:studyIdentifier'
    GROUP BY fact HAVING COUNT(DISTINCT UPPER(TRIM(value))) > 1
) AS several ON several.fact = n_fact.fact
WHERE several.fact IS NULL
    AND (n_fact.relation IN ('elig:hasMedicationUse', 'elig:hasProcedure')
         OR (n_fact.relation = 'elig:hasTrialParticipation' AND n_fact.study IS NOT NULL));

-- Ongoing participation: by status, or by dates that cover the screening day.
INSERT INTO fact_attribute
SELECT patient, fact, 'elig:isOngoing', NULL, NULL, value
FROM (
    SELECT
        patient,
        fact,
        CASE
            WHEN status = 'elig:ConflictingStatus' THEN NULL
            WHEN status IN ('elig:Active', 'elig:Planned')
                THEN CASE WHEN end_low IS NULL OR end_low >= screening THEN 'true' END
            WHEN start_high <= screening AND end_low >= screening THEN 'true'
            WHEN end_high < screening THEN 'false'
            WHEN status IN ('elig:Completed', 'elig:Stopped')
                AND (end_low IS NULL OR end_low < screening) AND end_high IS NULL THEN 'false'
        END AS value
    FROM n_fact
    WHERE relation = 'elig:hasTrialParticipation'
) AS participation
WHERE value IS NOT NULL;
