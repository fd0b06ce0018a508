-- What is counted once about the nodes of all records.

-- Nodes go by a number made from patient and name, properties by their number in the shapes.
CREATE OR REPLACE TEMP TABLE shape_statement AS
WITH typed AS (
    SELECT
        t.patient, t.subject, t.object, t.kind,
        CASE WHEN p.number IS NULL THEN t.predicate END AS other,
        CASE
            WHEN t.kind = 'iri' THEN ''
            WHEN coalesce(t.language, '') <> '' THEN $lang_string
            ELSE coalesce(nullif(t.datatype, ''), $string)
        END AS datatype,
        CASE WHEN t.language IS NULL OR t.language = '' THEN '' ELSE lower(t.language) END AS language,
        coalesce(p.number, 0)::SMALLINT AS property, p.linked
    FROM triple t LEFT JOIN shape_property p ON p.predicate = t.predicate
)
SELECT
    patient, subject, other, object, kind, datatype, language, property,
    hash(patient, subject) AS subject_id,
    CASE
        WHEN kind = 'iri' THEN hash(patient, object)
        WHEN linked THEN hash(patient, shape_key(object, kind, datatype, language))
    END AS object_id
FROM typed;

-- Classes that a record itself puts below others, with what lies above and below in the vocabulary.
CREATE OR REPLACE TEMP TABLE shape_below AS
WITH RECURSIVE own AS (
    SELECT DISTINCT patient, subject AS class, object AS above
    FROM shape_statement WHERE property = $sub_class_of AND kind = 'iri'
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
WITH kind AS (
    SELECT t.subject_id AS id, t.patient, t.subject AS node, $classes
    FROM shape_statement t JOIN shape_class c ON c.class = t.object
    WHERE t.property = $type AND t.kind = 'iri'
    UNION ALL
    SELECT t.subject_id, t.patient, t.subject, $classes
    FROM shape_statement t JOIN shape_below c ON c.patient = t.patient AND c.class = t.object
    WHERE t.property = $type AND t.kind = 'iri'
    UNION ALL
    SELECT hash(c.patient, v.subject), c.patient, v.subject, $classes
    FROM shape_vocabulary v JOIN shape_below c ON c.class = v.object
    WHERE v.predicate = $type_name AND v.kind = 'iri'
),
part AS (
    SELECT
        t.subject_id AS id, first(t.patient) AS patient, first(t.subject) AS node,
        min(hash(t.subject, t.patient)) AS low, max(hash(t.subject, t.patient)) AS high,
        $or_has, $no_held, $no_classes, sum(p.counted)::BIGINT AS counted, 0 AS held_counted
    FROM shape_statement t JOIN shape_property p ON p.number = t.property
    GROUP BY t.subject_id
    UNION ALL
    SELECT
        id, patient, node, hash(node, patient), hash(node, patient), $no_has, $no_held,
        $only_classes, 0, 0
    FROM kind
    UNION ALL
    SELECT
        t.object_id, first(t.patient),
        first(shape_key(t.object, t.kind, t.datatype, t.language)),
        min(hash(t.object, t.patient)), max(hash(t.object, t.patient)),
        $no_has, $or_held, $no_classes, 0, sum(p.held_counted)::BIGINT
    FROM shape_statement t JOIN shape_property p ON p.number = t.property
    WHERE p.held
    GROUP BY t.object_id
    UNION ALL
    SELECT
        hash(t.patient, f.node), t.patient, f.node, hash(f.node, t.patient),
        hash(f.node, t.patient), $no_has, $no_held, $no_classes, 0, 0
    FROM (SELECT DISTINCT patient FROM triple) t,
        (SELECT unnest($target_nodes::VARCHAR[]) AS node) f
),
own AS (
    SELECT
        id, first(patient) AS patient, first(node) AS node, $or_all,
        sum(counted)::BIGINT AS counted, sum(held_counted)::BIGINT AS held_counted,
        min(low) <> max(high) AS mixed_up
    FROM part GROUP BY id
)
SELECT
    n.id, n.patient, n.node, $with_vocabulary,
    n.counted > $counted_bits AS has_several,
    n.held_counted > $held_counted_bits AS held_several,
    n.mixed_up
FROM own n LEFT JOIN shape_vocabulary_node w ON w.node = n.node;

SELECT error('two nodes of the records got one number: ' || min(node))
FROM shape_node WHERE mixed_up HAVING count(*) > 0;

-- Where a node has several values of a property whose number is limited, or hangs on several.
CREATE OR REPLACE TEMP TABLE shape_count AS
WITH counted AS (
    SELECT
        n.id, t.property, FALSE AS inverse,
        count(DISTINCT shape_key(t.object, t.kind, t.datatype, t.language)) AS number
    FROM shape_statement t
    JOIN shape_node n ON n.id = t.subject_id
    JOIN shape_property p ON p.number = t.property
    WHERE n.has_several AND p.counted = 1
    GROUP BY ALL
    UNION ALL
    SELECT n.id, t.property, TRUE, count(DISTINCT t.subject)
    FROM shape_statement t
    JOIN shape_node n ON n.id = t.object_id
    JOIN shape_property p ON p.number = t.property
    WHERE n.held_several AND p.held_counted = 1
    GROUP BY ALL
)
SELECT n.*, c.property, c.inverse, c.number FROM counted c JOIN shape_node n ON n.id = c.id;

-- Terms that are tested by themselves, each once, and those that fail.
CREATE OR REPLACE TEMP TABLE shape_term AS
WITH term AS (
    SELECT DISTINCT property, object, kind, datatype, language
    FROM shape_statement WHERE property IN $tested
)
SELECT t.*, $valid AS valid, $number AS number FROM term t;
CREATE OR REPLACE TEMP TABLE shape_bad_term (
    shape INTEGER, property SMALLINT, object VARCHAR, kind VARCHAR, datatype VARCHAR,
    language VARCHAR
);

-- Values whose class matters.
CREATE OR REPLACE TEMP TABLE shape_value AS
SELECT
    t.patient, t.subject_id, t.property, t.object, t.kind, t.datatype, t.language, t.object_id,
    $value_classes
FROM shape_statement t
LEFT JOIN shape_node o ON o.id = t.object_id
LEFT JOIN shape_vocabulary_node w ON w.node = t.object
WHERE t.property IN $classed;

CREATE OR REPLACE TEMP TABLE shape_suspect (shape INTEGER, id UBIGINT, value VARCHAR);
CREATE OR REPLACE TEMP TABLE shape_astray (
    shape INTEGER, id UBIGINT, patient VARCHAR, node VARCHAR
);
CREATE OR REPLACE TEMP TABLE shape_result (
    shape INTEGER, patient VARCHAR, node VARCHAR, predicate VARCHAR, value VARCHAR, message VARCHAR
);
