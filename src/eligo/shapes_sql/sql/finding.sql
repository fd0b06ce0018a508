-- Results by the named node that each hangs on, as findings say them.

CREATE OR REPLACE TEMP TABLE shape_unnamed AS
SELECT DISTINCT patient, node FROM shape_result WHERE starts_with(node, $unnamed);

-- What the unnamed nodes of these patients hang on.
CREATE OR REPLACE TEMP TABLE shape_holder AS
SELECT
    t.patient, t.object AS node,
    min({
        'order': ($full_subject) || '>', 'predicate': $full_predicate,
        'subject': t.subject, 'step': $shown_predicate
    }) AS holder
FROM (
    SELECT s.patient, s.subject, s.object, coalesce(s.other, p.predicate) AS predicate
    FROM shape_statement s JOIN shape_property p ON p.number = s.property
    WHERE s.kind = 'iri' AND s.patient IN (SELECT patient FROM shape_unnamed)
        AND starts_with(s.object, $unnamed)
) t
GROUP BY t.patient, t.object;

CREATE OR REPLACE TABLE finding AS
WITH RECURSIVE climb AS (
    SELECT patient, node, node AS owner, []::VARCHAR[] AS steps, 0 AS depth FROM shape_unnamed
    UNION ALL
    SELECT c.patient, c.node, h.holder.subject, list_prepend(h.holder.step, c.steps), c.depth + 1
    FROM climb c JOIN shape_holder h ON h.patient = c.patient AND h.node = c.owner
    WHERE c.depth < 64
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
