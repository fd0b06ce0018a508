-- Facts that, as far as this unit tells, hang on no patient or on several.
SELECT CAST($unit AS BIGINT) AS unit, typed.fact, typed.label, typed.source, COALESCE(holders, 0) AS holders
FROM (
    SELECT DISTINCT statement.subject AS fact, v_kind.label, statement.source
    FROM statement
    JOIN v_kind ON v_kind.kind = statement.object
    WHERE statement.predicate = 'rdf:type' AND statement.kind = 'iri'
) AS typed
LEFT JOIN (
    SELECT object AS fact, COUNT(DISTINCT subject) AS holders
    FROM statement
    SEMI JOIN v_holding ON v_holding.relation = statement.predicate
    GROUP BY object
) AS holding ON holding.fact = typed.fact
WHERE COALESCE(holders, 0) <> 1
