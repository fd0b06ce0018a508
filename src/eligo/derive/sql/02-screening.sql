-- The dates of each patient's screening: what the record states for this trial, over what the run assumes.
--
-- t_run(trial, screening, evaluation, enrolment, intervention, forced): the trial and the dates given with the
-- run; forced dates replace those of the record, others only fill gaps.

CREATE OR REPLACE TABLE screening_problem (
    patient VARCHAR NOT NULL,
    fact VARCHAR NOT NULL,
    problem VARCHAR NOT NULL,
    detail VARCHAR
);

CREATE OR REPLACE MACRO day_of(lexical) AS
    CASE WHEN regexp_matches(lexical, '^[0-9]{4}-[0-9]{2}-[0-9]{2}') THEN TRY_CAST(SUBSTR(lexical, 1, 10) AS DATE) END;

CREATE OR REPLACE TABLE s_stated AS
SELECT
    link.patient,
    link.fact,
    MAX(CASE WHEN a.property = 'elig:screeningDate' THEN day_of(a.value) END) AS screening,
    MAX(CASE WHEN a.property = 'elig:evaluationDate' THEN day_of(a.value) END) AS evaluation,
    MAX(CASE WHEN a.property = 'elig:enrolmentDate' THEN day_of(a.value) END) AS enrolment,
    MAX(CASE WHEN a.property = 'elig:plannedInterventionDate' THEN day_of(a.value) END) AS intervention,
    MAX(CASE WHEN a.property = 'elig:forTrial' THEN a.value END) AS trial
FROM e_link AS link
LEFT JOIN e_attribute AS a ON a.fact = link.fact
WHERE link.relation = 'elig:hasScreening'
GROUP BY link.patient, link.fact;

-- Of several screenings for the trial the latest counts, and the record is flagged.
CREATE OR REPLACE TABLE s_latest AS
SELECT *
FROM (
    SELECT s.*, ROW_NUMBER() OVER (PARTITION BY s.patient ORDER BY s.screening DESC NULLS LAST, s.fact) AS place
    FROM s_stated AS s
    CROSS JOIN t_run AS run
    WHERE s.trial = run.trial OR s.trial IS NULL
) AS ranked
WHERE place = 1;

INSERT INTO screening_problem
SELECT s.patient, MIN(s.fact), 'elig:SeveralScreenings', CAST(COUNT(*) AS VARCHAR)
FROM s_stated AS s
CROSS JOIN t_run AS run
WHERE s.trial = run.trial OR s.trial IS NULL
GROUP BY s.patient
HAVING COUNT(*) > 1;

CREATE OR REPLACE TABLE screening AS
SELECT
    dated.patient,
    dated.trial,
    CASE WHEN dated.forced THEN COALESCE(dated.run_evaluation, dated.stated_evaluation, dated.screening)
         ELSE COALESCE(dated.stated_evaluation, dated.run_evaluation, dated.screening) END AS evaluation,
    dated.screening,
    CASE WHEN dated.forced THEN COALESCE(dated.run_enrolment, dated.stated_enrolment, dated.screening)
         ELSE COALESCE(dated.stated_enrolment, dated.run_enrolment, dated.screening) END AS enrolment,
    CASE WHEN dated.forced THEN COALESCE(dated.run_intervention, dated.stated_intervention)
         ELSE COALESCE(dated.stated_intervention, dated.run_intervention) END AS intervention
FROM (
    SELECT
        p.patient,
        run.trial,
        run.forced,
        CASE WHEN run.forced THEN run.screening ELSE COALESCE(s.screening, run.screening) END AS screening,
        s.evaluation AS stated_evaluation, run.evaluation AS run_evaluation,
        s.enrolment AS stated_enrolment, run.enrolment AS run_enrolment,
        s.intervention AS stated_intervention, run.intervention AS run_intervention
    FROM t_patient AS p
    CROSS JOIN t_run AS run
    LEFT JOIN s_latest AS s ON s.patient = p.patient
) AS dated;
