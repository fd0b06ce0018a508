-- The tables that derivation fills, and the anchor dates of each screening.

-- Measures of a patient. Numbers: low and high (NULL = unbounded); coded or boolean: value.
-- A measure without a row is absent.
CREATE OR REPLACE TABLE measurement (
    patient VARCHAR NOT NULL,
    measure VARCHAR NOT NULL,
    low DECIMAL(18, 9),
    high DECIMAL(18, 9),
    value VARCHAR
);

-- The facts a measure was derived from.
CREATE OR REPLACE TABLE measurement_source (
    patient VARCHAR NOT NULL,
    measure VARCHAR NOT NULL,
    fact VARCHAR NOT NULL
);

-- Derived attributes of facts, recorded or derived ones.
CREATE OR REPLACE TABLE fact_attribute (
    patient VARCHAR NOT NULL,
    fact VARCHAR NOT NULL,
    attribute VARCHAR NOT NULL,
    low DECIMAL(18, 9),
    high DECIMAL(18, 9),
    value VARCHAR
);

-- Facts that derivation adds.
CREATE OR REPLACE TABLE derived_fact (
    patient VARCHAR NOT NULL,
    relation VARCHAR NOT NULL,
    fact VARCHAR NOT NULL,
    concept VARCHAR
);

-- The recorded facts a derived fact or attribute rests on.
CREATE OR REPLACE TABLE fact_source (
    patient VARCHAR NOT NULL,
    fact VARCHAR NOT NULL,
    source VARCHAR NOT NULL
);

-- Relations whose facts of a kind are all recorded; closed downwards over kinds.
-- 'elig:Anything' stands for the whole relation.
CREATE OR REPLACE TABLE complete (
    patient VARCHAR NOT NULL,
    relation VARCHAR NOT NULL,
    kind VARCHAR NOT NULL
);

-- Dates of derived events that surely happened: the earliest and the latest possible day. The
-- earliest is NULL where older facts may be missing from the record.
CREATE OR REPLACE TABLE event (
    patient VARCHAR NOT NULL,
    event VARCHAR NOT NULL,
    low DATE,
    high DATE NOT NULL
);

-- The anchors of a screening as intervals of days; an intervention without a date lies on the
-- screening day or later (high NULL).
CREATE OR REPLACE TABLE anchor_date AS
SELECT patient, 'elig:ScreeningDate' AS anchor, screening AS low, screening AS high FROM screening
UNION ALL
SELECT patient, 'elig:EvaluationDate', evaluation, evaluation FROM screening
UNION ALL
SELECT patient, 'elig:EnrolmentDate', enrolment, enrolment FROM screening
UNION ALL
SELECT patient, 'elig:PlannedInterventionDate', COALESCE(intervention, screening), intervention FROM screening;
