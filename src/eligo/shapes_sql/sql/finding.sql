-- Results by the named node that each hangs on, as findings say them.

CREATE OR REPLACE TABLE finding AS
WITH RECURSIVE unnamed AS (
    SELECT DISTINCT patient, node FROM shape_result WHERE starts_with(node, $unnamed)
),
climb AS (
    SELECT patient, node, node AS owner, []::VARCHAR[] AS steps, 0 AS depth FROM unnamed
    UNION ALL
    SELECT patient, node, holder.subject, list_prepend(holder.step, steps), depth + 1
    FROM (
        SELECT
            c.patient, c.node, c.steps, c.depth,
            min({
                'order': ($full_subject) || '>', 'predicate': $full_predicate,
                'subject': t.subject, 'step': $shown_predicate
            }) AS holder
        FROM climb c JOIN shape_statement t
            ON t.object_id = hash(c.patient, c.owner) AND t.object = c.owner AND t.kind = 'iri'
        WHERE starts_with(c.owner, $unnamed) AND c.depth < 64
        GROUP BY c.patient, c.node, c.steps, c.depth
    )
),
place AS (
    SELECT patient, node, arg_max(owner, depth) AS owner, arg_max(steps, depth) AS steps
    FROM climb GROUP BY patient, node
),
result AS (
    SELECT
        r.patient, r.node, s.severity, s.shape AS name, coalesce(p.owner, r.node) AS owner,
        coalesce(p.steps, []::VARCHAR[])
            || CASE
                WHEN r.predicate IS NOT NULL THEN [$shown_result_predicate]
                WHEN s.path IS NOT NULL THEN [s.path]
                ELSE []::VARCHAR[]
            END AS steps,
        coalesce(r.message, s.message) AS message,
        CASE WHEN r.value <> r.node THEN r.value END AS value
    FROM shape_result r
    JOIN shape_report s ON s.number = r.shape
    LEFT JOIN place p ON p.patient = r.patient AND p.node = r.node
)
SELECT DISTINCT
    r.patient, r.severity,
    CASE WHEN starts_with(r.owner, '"') THEN shape_key_text(r.owner) ELSE $full_owner END AS node,
    CASE WHEN len(r.steps) > 0 THEN array_to_string(r.steps, '/') END AS path,
    r.message,
    CASE
        WHEN starts_with(r.value, '"') THEN shape_key_text(r.value) ELSE $shown_value
    END AS value,
    r.name AS shape,
    $sources AS sources
FROM result r $from_sources;
