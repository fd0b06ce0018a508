-- What is counted once about the nodes of all records.

CREATE OR REPLACE TEMP VIEW shape_statement AS
SELECT
    patient, subject, predicate, object, kind,
    CASE
        WHEN kind = 'iri' THEN ''
        WHEN coalesce(language, '') <> '' THEN $lang_string
        ELSE coalesce(nullif(datatype, ''), $string)
    END AS datatype,
    lower(coalesce(language, '')) AS language
FROM triple;

-- Classes that a record itself puts below others, with what lies above and below in the vocabulary.
CREATE OR REPLACE TEMP TABLE shape_below AS
WITH RECURSIVE own AS (
    SELECT DISTINCT patient, subject AS class, object AS above
    FROM shape_statement WHERE predicate = $sub_class_of AND kind = 'iri'
),
reach AS (
    SELECT patient, class, above FROM own
    UNION
    SELECT r.patient, r.class, o.above
    FROM reach r
    LEFT JOIN shape_vocabulary_below u ON u.class = r.above
    JOIN own o ON o.patient = r.patient AND o.class IN (r.above, u.above)
),
below AS (
    SELECT patient, class, above FROM reach
    UNION
    SELECT r.patient, u.class, r.above
    FROM reach r JOIN shape_vocabulary_below u ON u.above = r.class
)
SELECT b.patient, b.class, $or_classes
FROM below b JOIN shape_class c ON c.class = b.above
GROUP BY b.patient, b.class;

CREATE OR REPLACE TEMP TABLE shape_node AS
WITH part AS (
    SELECT
        t.patient, t.subject AS node, $has, $no_held, $no_classes,
        coalesce(p.counted, 0) AS counted, 0 AS held_counted
    FROM shape_statement t LEFT JOIN shape_property p ON p.predicate = t.predicate
    UNION ALL
    SELECT t.patient, t.subject, $no_has, $no_held, $classes, 0, 0
    FROM shape_statement t JOIN shape_class c ON c.class = t.object
    WHERE t.predicate = $type AND t.kind = 'iri'
    UNION ALL
    SELECT t.patient, t.subject, $no_has, $no_held, $classes, 0, 0
    FROM shape_statement t JOIN shape_below c ON c.patient = t.patient AND c.class = t.object
    WHERE t.predicate = $type AND t.kind = 'iri'
    UNION ALL
    SELECT c.patient, v.subject, $no_has, $no_held, $classes, 0, 0
    FROM shape_vocabulary v JOIN shape_below c ON c.class = v.object
    WHERE v.predicate = $type AND v.kind = 'iri'
    UNION ALL
    SELECT
        t.patient, shape_key(t.object, t.kind, t.datatype, t.language), $no_has, $held,
        $no_classes, 0, l.counted
    FROM shape_statement t JOIN shape_link l ON l.predicate = t.predicate
    UNION ALL
    SELECT DISTINCT t.patient, f.node, $no_has, $no_held, $no_classes, 0, 0
    FROM triple t, (SELECT unnest($target_nodes::VARCHAR[]) AS node) f
),
own AS (
    SELECT
        patient, node, $or_all, sum(counted)::BIGINT AS counted,
        sum(held_counted)::BIGINT AS held_counted
    FROM part GROUP BY patient, node
)
SELECT
    n.patient, n.node, $with_vocabulary,
    n.counted > $counted_bits AS has_several,
    n.held_counted > $held_counted_bits AS held_several
FROM own n LEFT JOIN shape_vocabulary_node w ON w.node = n.node;

-- Where a node has several values of a property whose number is limited, or hangs on several.
CREATE OR REPLACE TEMP TABLE shape_count AS
SELECT
    t.patient, t.subject AS node, t.predicate, FALSE AS inverse,
    count(DISTINCT shape_key(t.object, t.kind, t.datatype, t.language)) AS number
FROM shape_statement t JOIN shape_node n ON n.patient = t.patient AND n.node = t.subject
WHERE n.has_several AND t.predicate IN (SELECT predicate FROM shape_property WHERE counted = 1)
GROUP BY ALL
UNION ALL
SELECT
    t.patient, n.node, t.predicate, TRUE, count(DISTINCT t.subject)
FROM shape_statement t
JOIN shape_node n
    ON n.patient = t.patient AND n.node = shape_key(t.object, t.kind, t.datatype, t.language)
WHERE n.held_several AND t.predicate IN (SELECT predicate FROM shape_link WHERE counted = 1)
GROUP BY ALL;

-- Values whose class matters.
CREATE OR REPLACE TEMP TABLE shape_value AS
SELECT t.*, $value_classes
FROM shape_statement t
LEFT JOIN shape_node o ON o.patient = t.patient AND o.node = t.object
LEFT JOIN shape_vocabulary_node w ON w.node = t.object
WHERE t.predicate IN $classed;

CREATE OR REPLACE TEMP TABLE shape_suspect (
    shape INTEGER, patient VARCHAR, node VARCHAR, value VARCHAR
);
CREATE OR REPLACE TEMP TABLE shape_astray (shape INTEGER, patient VARCHAR, node VARCHAR);
CREATE OR REPLACE TEMP TABLE shape_result (
    shape INTEGER, patient VARCHAR, node VARCHAR, predicate VARCHAR, value VARCHAR, message VARCHAR
);
