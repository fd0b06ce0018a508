-- Says the same as the SPARQL with the digest d542cd57e45c7823c3776bc1d6555bcaf192d8f3a8840aaf2824612a1349c90f.
WITH said AS (
    SELECT
        s.subject_id, s.property, s.object_id, s.object, s.kind,
        CASE WHEN s.kind = 'iri' THEN full(s.object) ELSE s.object END AS txt
    FROM shape_statement s
    WHERE s.property IN (
        [elig:hasMedicationUse], [elig:hasProcedure], [elig:hasTrialParticipation],
        [elig:hasScreening], [elig:studyIdentifier], [elig:eventStatus], [elig:forTrial]
    )
),
fact AS (
    SELECT
        l.subject_id AS this, l.object_id AS fact, l.object AS value_key, full(l.object) AS value,
        f.txt AS study
    FROM said f
    JOIN said l ON l.object_id = f.subject_id
    WHERE f.property = [elig:studyIdentifier] AND l.kind = 'iri'
        AND l.property IN ([elig:hasMedicationUse], [elig:hasProcedure])
),
known AS (
    SELECT l.subject_id AS this, upper(p.txt) AS study
    FROM said p
    JOIN said l ON l.object_id = p.subject_id AND l.kind = 'iri'
    WHERE p.property = [elig:studyIdentifier] AND l.property = [elig:hasTrialParticipation]
),
screened AS (
    SELECT l.subject_id AS this, upper(s.txt) AS trial
    FROM said s
    JOIN said l ON l.object_id = s.subject_id AND l.kind = 'iri'
    WHERE s.property = [elig:forTrial] AND l.property = [elig:hasScreening]
)
SELECT f.this, f.value_key, f.value, f.study
FROM fact f
WHERE NOT EXISTS (
        SELECT 1 FROM said e
        WHERE e.subject_id = f.fact AND e.property = [elig:eventStatus] AND e.kind = 'iri'
            AND e.object IN (<elig:NotDone>, <elig:EnteredInError>)
    )
    AND NOT EXISTS (SELECT 1 FROM known k WHERE k.this = f.this AND k.study = upper(f.study))
    AND NOT EXISTS (
        SELECT 1 FROM screened s
        WHERE s.this = f.this AND ends_with(s.trial, '/' || upper(f.study))
    )
