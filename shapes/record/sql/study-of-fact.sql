-- Says the same as the SPARQL with the digest d542cd57e45c7823c3776bc1d6555bcaf192d8f3a8840aaf2824612a1349c90f.
WITH said AS (
    SELECT
        patient, subject, predicate, object AS term, kind,
        CASE WHEN kind = 'iri' THEN full(s.object) ELSE object END AS txt
    FROM shape_statement s
    WHERE predicate IN (
        <elig:hasMedicationUse>, <elig:hasProcedure>, <elig:hasTrialParticipation>,
        <elig:hasScreening>, <elig:studyIdentifier>, <elig:eventStatus>, <elig:forTrial>
    )
),
fact AS (
    SELECT l.patient, l.subject AS this, l.term AS value_key, full(l.term) AS value, f.txt AS study
    FROM said l
    JOIN said f ON f.patient = l.patient AND f.subject = l.term
    WHERE l.predicate IN (<elig:hasMedicationUse>, <elig:hasProcedure>) AND l.kind = 'iri'
        AND f.predicate = <elig:studyIdentifier>
)
SELECT f.patient, f.this, f.value_key, f.value, f.study
FROM fact f
WHERE NOT EXISTS (
        SELECT 1 FROM said e
        WHERE e.patient = f.patient AND e.subject = f.value_key
            AND e.predicate = <elig:eventStatus> AND e.kind = 'iri'
            AND e.term IN (<elig:NotDone>, <elig:EnteredInError>)
    )
    AND NOT EXISTS (
        SELECT 1 FROM said l
        JOIN said p ON p.patient = l.patient AND p.subject = l.term
        WHERE l.patient = f.patient AND l.subject = f.this
            AND l.predicate = <elig:hasTrialParticipation> AND l.kind = 'iri'
            AND p.predicate = <elig:studyIdentifier> AND upper(p.txt) = upper(f.study)
    )
    AND NOT EXISTS (
        SELECT 1 FROM said l
        JOIN said s ON s.patient = l.patient AND s.subject = l.term
        WHERE l.patient = f.patient AND l.subject = f.this
            AND l.predicate = <elig:hasScreening> AND l.kind = 'iri'
            AND s.predicate = <elig:forTrial> AND ends_with(upper(s.txt), '/' || upper(f.study))
    )
