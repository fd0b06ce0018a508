-- Facts without exactly one holder, by the source that says what they are.
CREATE OR REPLACE TABLE fact_holder AS
SELECT object AS fact, COUNT(DISTINCT subject) AS holders
FROM every_statement
SEMI JOIN v_holding ON v_holding.relation = every_statement.predicate
SEMI JOIN spot ON spot.node = every_statement.object
GROUP BY object;

CREATE OR REPLACE TABLE unheld AS
SELECT DISTINCT fact, label, source, holders
FROM (
    SELECT suspect.fact, suspect.label, suspect.source, COALESCE(known.holders, suspect.holders) AS holders
    FROM every_suspect AS suspect
    LEFT JOIN fact_holder AS known ON known.fact = suspect.fact
    UNION ALL
    SELECT several.fact, v_kind.label, typed.source, several.holders
    FROM fact_holder AS several
    JOIN every_statement AS typed ON typed.subject = several.fact AND typed.predicate = 'rdf:type'
    JOIN v_kind ON v_kind.kind = typed.object
    WHERE several.holders > 1
)
WHERE holders <> 1;
