-- From codes to concepts: one concept for each coded attribute of a fact.

-- What cannot be trusted in a record; problem is a CURIE.
CREATE OR REPLACE TABLE data_problem (
    patient VARCHAR NOT NULL,
    fact VARCHAR NOT NULL,
    problem VARCHAR NOT NULL,
    detail VARCHAR
);

-- How a notation is compared: ICD-10-CM without its dot, CVX without leading zeros.
CREATE OR REPLACE MACRO code_key(code_system, code_notation) AS
    CASE WHEN code_system IN ('system:ICD10CM', 'system:ATC')
             THEN UPPER(REPLACE(TRIM(code_notation), '.', ''))
         WHEN code_system = 'system:CVX'
             THEN COALESCE(NULLIF(LTRIM(TRIM(code_notation), '0'), ''), '0')
         ELSE TRIM(code_notation) END;

-- Attributes that take a concept or codings; several may hold at once where "several" is true.
CREATE OR REPLACE TABLE n_coded_property AS
SELECT *
FROM (VALUES
    ('elig:code', FALSE), ('elig:agent', FALSE), ('elig:route', FALSE), ('elig:result', FALSE),
    ('elig:functionalClass', FALSE), ('elig:histologicClass', TRUE), ('elig:indication', TRUE),
    ('elig:manifestation', TRUE), ('elig:dueTo', TRUE)
) AS listed (property, several);

-- Rows of an earlier run for codes without a concept.
DELETE FROM v_below WHERE concept LIKE 'urn:eligo:unmapped:%';
DELETE FROM v_can_be WHERE concept LIKE 'urn:eligo:unmapped:%';

CREATE OR REPLACE TABLE n_concept AS SELECT DISTINCT concept FROM v_below;

-- Each distinct code with its best concepts: an exact match before any prefix, a long prefix before a short one.
CREATE OR REPLACE TABLE n_code AS
SELECT DISTINCT system, notation, code_key(system, notation) AS code_match
FROM e_coding
WHERE system IS NOT NULL AND TRIM(notation) <> '';

CREATE OR REPLACE TABLE n_code_candidate AS
SELECT code.system, code.notation, listed.concept, 1000000 AS closeness
FROM n_code AS code
JOIN v_code AS listed
    ON listed.system = code.system AND code_key(listed.system, listed.notation) = code.code_match
UNION
SELECT code.system, code.notation, listed.concept, LENGTH(code_key(listed.system, listed.prefix))
FROM n_code AS code
JOIN v_code_prefix AS listed
    ON listed.system = code.system AND starts_with(code.code_match, code_key(listed.system, listed.prefix));

CREATE OR REPLACE TABLE n_code_concept AS
SELECT candidate.system, candidate.notation, candidate.concept
FROM n_code_candidate AS candidate
JOIN (
    SELECT system, notation, MAX(closeness) AS closeness FROM n_code_candidate GROUP BY system, notation
) AS best
    ON best.system = candidate.system AND best.notation = candidate.notation
    AND best.closeness = candidate.closeness;

-- All concepts that an attribute maps to, by a direct concept or by a coding.
CREATE OR REPLACE TABLE n_mapped AS
SELECT attribute.fact, attribute.property, attribute.value AS concept
FROM e_attribute AS attribute
JOIN n_concept AS known ON known.concept = attribute.value
WHERE attribute.datatype = 'iri'
UNION
SELECT coding.fact, coding.property, mapped.concept
FROM e_coding AS coding
JOIN n_code_concept AS mapped ON mapped.system = coding.system AND mapped.notation = coding.notation;

CREATE OR REPLACE TABLE n_mapped_count AS
SELECT fact, property, COUNT(*) AS concepts FROM n_mapped GROUP BY fact, property;

-- Only the most specific concepts stay; of equivalent ones the first by name.
CREATE OR REPLACE TABLE n_mapped_many AS
SELECT mapped.fact, mapped.property, mapped.concept
FROM n_mapped AS mapped
JOIN n_mapped_count AS counted
    ON counted.fact = mapped.fact AND counted.property = mapped.property AND counted.concepts > 1;

CREATE OR REPLACE TABLE n_less_specific AS
SELECT DISTINCT wide.fact, wide.property, wide.concept
FROM n_mapped_many AS wide
JOIN n_mapped_many AS narrow
    ON narrow.fact = wide.fact AND narrow.property = wide.property AND narrow.concept <> wide.concept
JOIN v_below AS below ON below.concept = narrow.concept AND below.kind = wide.concept
LEFT JOIN v_below AS back ON back.concept = wide.concept AND back.kind = narrow.concept
WHERE back.concept IS NULL OR narrow.concept < wide.concept;

CREATE OR REPLACE TABLE d_concept AS
SELECT mapped.fact, mapped.property, mapped.concept
FROM n_mapped AS mapped
LEFT JOIN n_less_specific AS less
    ON less.fact = mapped.fact AND less.property = mapped.property AND less.concept = mapped.concept
WHERE less.fact IS NULL;

INSERT INTO data_problem
SELECT DISTINCT
    link.patient, clash.fact, 'elig:IncomparableCodes', clash.property || ': ' || clash.concepts
FROM (
    SELECT kept.fact, kept.property, STRING_AGG(kept.concept, ', ' ORDER BY kept.concept) AS concepts
    FROM n_mapped_many AS kept
    LEFT JOIN n_less_specific AS less
        ON less.fact = kept.fact AND less.property = kept.property AND less.concept = kept.concept
    WHERE less.fact IS NULL
    GROUP BY kept.fact, kept.property
    HAVING COUNT(*) > 1
) AS clash
JOIN n_coded_property AS coded ON coded.property = clash.property AND NOT coded.several
JOIN e_link AS link ON link.fact = clash.fact;

-- A known concept of a kind that the relation does not hold (a procedure among the conditions) is a data
-- error, and the fact may be anything: it must not be taken for the absence of what it is.
CREATE OR REPLACE TABLE n_misplaced AS
SELECT DISTINCT link.patient, link.relation, coded.fact, coded.property, coded.concept
FROM (
    -- concepts in use that lie below none of the kinds a relation holds
    SELECT holding.relation, used.concept
    FROM (
        SELECT DISTINCT subject AS relation FROM v_triple WHERE predicate = 'elig:holdsKind'
    ) AS holding
    CROSS JOIN (SELECT DISTINCT concept FROM d_concept) AS used
    LEFT JOIN (
        SELECT held.subject AS relation, below.concept
        FROM v_triple AS held
        JOIN v_below AS below ON below.kind = held.object
        WHERE held.predicate = 'elig:holdsKind'
    ) AS fitting ON fitting.relation = holding.relation AND fitting.concept = used.concept
    WHERE fitting.concept IS NULL
) AS alien
JOIN v_triple AS classified
    ON classified.subject = alien.relation AND classified.predicate = 'elig:classifiedBy'
JOIN d_concept AS coded ON coded.property = classified.object AND coded.concept = alien.concept
JOIN e_link AS link ON link.fact = coded.fact AND link.relation = alien.relation;

INSERT INTO data_problem
SELECT patient, fact, 'elig:MisplacedCode', concept || ' on ' || relation
FROM n_misplaced;

DELETE FROM d_concept
WHERE fact || ' ' || property || ' ' || concept IN (
    SELECT fact || ' ' || property || ' ' || concept FROM n_misplaced);

INSERT INTO d_concept
SELECT DISTINCT fact, property, 'urn:eligo:unmapped:misplaced:' || concept FROM n_misplaced;

INSERT INTO v_below
SELECT DISTINCT 'urn:eligo:unmapped:misplaced:' || concept, 'urn:eligo:unmapped:misplaced:' || concept
FROM n_misplaced;

INSERT INTO v_can_be
SELECT DISTINCT 'urn:eligo:unmapped:misplaced:' || misplaced.concept, known.concept
FROM (SELECT DISTINCT concept FROM n_misplaced) AS misplaced
CROSS JOIN n_concept AS known
UNION ALL
SELECT DISTINCT 'urn:eligo:unmapped:misplaced:' || concept, 'urn:eligo:unmapped:misplaced:' || concept
FROM n_misplaced;

-- A procedure that was stopped or put on hold may or may not have been done: it can be what it was meant to
-- be, and certainly is nothing.
CREATE OR REPLACE TABLE n_interrupted AS
SELECT DISTINCT coded.fact, coded.property, coded.concept
FROM e_link AS link
JOIN e_attribute AS status
    ON status.fact = link.fact AND status.property = 'elig:eventStatus'
    AND status.value IN ('elig:Stopped', 'elig:OnHold')
JOIN d_concept AS coded ON coded.fact = link.fact AND coded.property = 'elig:code'
WHERE link.relation = 'elig:hasProcedure' AND coded.concept NOT LIKE 'urn:eligo:unmapped:%';

DELETE FROM d_concept
WHERE fact || ' ' || property || ' ' || concept IN (
    SELECT fact || ' ' || property || ' ' || concept FROM n_interrupted);

INSERT INTO d_concept
SELECT DISTINCT fact, property, 'urn:eligo:unmapped:interrupted:' || concept FROM n_interrupted;

INSERT INTO v_below
SELECT DISTINCT 'urn:eligo:unmapped:interrupted:' || concept, 'urn:eligo:unmapped:interrupted:' || concept
FROM n_interrupted;

INSERT INTO v_can_be
SELECT 'urn:eligo:unmapped:interrupted:' || interrupted.concept, possible.kind
FROM (SELECT DISTINCT concept FROM n_interrupted) AS interrupted
JOIN v_can_be AS possible ON possible.concept = interrupted.concept
UNION ALL
SELECT DISTINCT 'urn:eligo:unmapped:interrupted:' || concept, 'urn:eligo:unmapped:interrupted:' || concept
FROM n_interrupted;

-- Coded attributes that map to nothing. Every fact of a relation that is classified by an attribute
-- has one, recorded or not: a fact without a code may be anything.
CREATE OR REPLACE TABLE n_unmapped AS
SELECT wanted.fact, wanted.property
FROM (
    SELECT coding.fact, coding.property
    FROM e_coding AS coding
    JOIN n_coded_property AS coded ON coded.property = coding.property
    UNION
    SELECT attribute.fact, attribute.property
    FROM e_attribute AS attribute
    JOIN n_coded_property AS coded ON coded.property = attribute.property
    UNION
    SELECT link.fact, classified.object
    FROM e_link AS link
    JOIN v_triple AS classified
        ON classified.subject = link.relation AND classified.predicate = 'elig:classifiedBy'
) AS wanted
LEFT JOIN n_mapped_count AS counted
    ON counted.fact = wanted.fact AND counted.property = wanted.property
WHERE counted.fact IS NULL;

-- Named by the first of its codings, in order of system and notation.
CREATE OR REPLACE TABLE n_unmapped_concept AS
SELECT
    unmapped.fact,
    unmapped.property,
    COALESCE(
        MIN('urn:eligo:unmapped:'
            || CASE WHEN coding.system LIKE 'system:%' THEN SUBSTR(coding.system, 8)
                    ELSE url_encode(coding.system) END
            || ':' || url_encode(TRIM(coding.notation))),
        'urn:eligo:unmapped:none:' || unmapped.fact
    ) AS concept,
    COALESCE(STRING_AGG(DISTINCT coding.system, ' ' ORDER BY coding.system), '') AS systems
FROM n_unmapped AS unmapped
LEFT JOIN e_coding AS coding
    ON coding.fact = unmapped.fact AND coding.property = unmapped.property
    AND coding.system IS NOT NULL AND TRIM(coding.notation) <> ''
GROUP BY unmapped.fact, unmapped.property;

INSERT INTO d_concept SELECT fact, property, concept FROM n_unmapped_concept;

INSERT INTO v_below SELECT DISTINCT concept, concept FROM n_unmapped_concept;

-- What a code without a concept can be: every kind, save those whose codes are listed completely in one
-- of its systems, and the kinds below them.
CREATE OR REPLACE TABLE n_unmapped_group AS
SELECT DISTINCT concept, systems FROM n_unmapped_concept;

CREATE OR REPLACE TABLE n_closed_kind AS
SELECT DISTINCT closed.object AS system, below.concept AS kind
FROM v_triple AS closed
JOIN v_below AS below ON below.kind = closed.subject
WHERE closed.predicate = 'elig:completeIn';

INSERT INTO v_can_be
SELECT DISTINCT grouped.concept, known.concept
FROM n_unmapped_group AS grouped
CROSS JOIN n_concept AS known
LEFT JOIN (
    SELECT DISTINCT closing.concept, closing.systems, closed.kind
    FROM n_unmapped_group AS closing
    JOIN n_closed_kind AS closed ON CONTAINS(' ' || closing.systems || ' ', ' ' || closed.system || ' ')
) AS excluded
    ON excluded.concept = grouped.concept AND excluded.systems = grouped.systems
    AND excluded.kind = known.concept
WHERE excluded.concept IS NULL
UNION ALL
SELECT DISTINCT concept, concept FROM n_unmapped_group;
