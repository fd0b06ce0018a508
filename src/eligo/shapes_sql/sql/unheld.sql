-- Facts that hang on no patient or on several, in every source that they stand in.

CREATE OR REPLACE TABLE unheld AS
WITH fact AS (
    SELECT DISTINCT t.source, t.subject AS fact, t.object AS kind
    FROM triple t
    WHERE t.predicate = $type AND t.kind = 'iri' AND t.object IN (SELECT kind FROM shape_fact_kind)
),
holder AS (
    SELECT t.object AS fact, count(DISTINCT t.subject) AS number
    FROM triple t
    WHERE t.kind = 'iri' AND t.predicate IN (SELECT relation FROM shape_fact_relation)
    GROUP BY t.object
),
source_of AS (
    SELECT t.subject AS fact, list_sort(list_distinct(list(t.source))) AS sources
    FROM triple t JOIN fact f ON f.fact = t.subject
    GROUP BY t.subject
)
SELECT
    f.source, $full_fact AS node,
    k.label
        || CASE
            WHEN h.number IS NULL THEN ' hangs on no patient' ELSE ' hangs on several patients'
        END
        || '; link it to the one it is about' AS text,
    s.sources
FROM fact f
JOIN shape_fact_kind k ON k.kind = f.kind
LEFT JOIN holder h ON h.fact = f.fact
JOIN source_of s ON s.fact = f.fact
WHERE coalesce(h.number, 0) <> 1;
