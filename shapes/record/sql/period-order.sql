-- Says the same as the SPARQL with the digest d35429c7cf021048819bb0304f8c3d5c54de1d1e2d45c25af260c38942fdbff8.
WITH bound AS (
    SELECT
        s.patient, s.subject_id AS fact, s.property,
        CASE WHEN s.kind = 'iri' THEN full(s.object) ELSE s.object END AS txt
    FROM shape_statement s
    WHERE s.property IN (
        [elig:startDate], [elig:endDate], [elig:coversFrom], [elig:asOf], [elig:screeningDate],
        [elig:enrolmentDate], [elig:plannedInterventionDate]
    )
),
pair(earlier, later) AS (
    VALUES
        ([elig:startDate], [elig:endDate]),
        ([elig:coversFrom], [elig:asOf]),
        ([elig:screeningDate], [elig:enrolmentDate]),
        ([elig:screeningDate], [elig:plannedInterventionDate]),
        ([elig:enrolmentDate], [elig:plannedInterventionDate])
),
crossed AS (
    SELECT a.patient, a.fact, a.txt AS first, b.txt AS second
    FROM bound a
    JOIN pair p ON p.earlier = a.property
    JOIN bound b ON b.fact = a.fact AND b.property = p.later
    WHERE regexp_matches(a.txt, '^[0-9]{4}') AND regexp_matches(b.txt, '^[0-9]{4}')
        AND a.txt[1:least(10, length(b.txt))] > b.txt[1:least(10, length(a.txt))]
)
SELECT c.patient, s.subject_id AS this, s.object AS value_key, full(s.object) AS value, c.first, c.second
FROM crossed c
JOIN shape_statement s ON s.object_id = c.fact AND s.kind = 'iri'
