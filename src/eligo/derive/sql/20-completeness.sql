-- Admissible completeness: whose facts of which kind are all on record.
--
-- A statement counts if it is fresh (dated no earlier than so many days before screening, and not after
-- the evaluation) and covers the look-back of the relation: the whole life for a recorded relation,
-- the window for a windowed one.
-- A statement without a kind gives one row, 'elig:Anything', that holds for every kind; a statement
-- about a kind gives a row for each concept at or below it. complete_kind spells out both.

-- Windowed relations and their parameters.
CREATE OR REPLACE TABLE windowed_relation AS
SELECT
    declared.subject AS relation,
    base.object AS base,
    COALESCE(anchor.object, 'elig:ScreeningDate') AS anchor,
    CAST(days.object AS INTEGER) AS days_before,
    CAST(months.object AS INTEGER) AS months_before,
    CAST(after.object AS INTEGER) AS days_after
FROM (
    SELECT DISTINCT subject FROM v_triple
    WHERE predicate = 'rdf:type' AND object = 'elig:WindowedRelation'
) AS declared
JOIN v_triple AS base ON base.subject = declared.subject AND base.predicate = 'elig:baseRelation'
LEFT JOIN v_triple AS anchor ON anchor.subject = declared.subject AND anchor.predicate = 'elig:anchor'
LEFT JOIN v_triple AS days ON days.subject = declared.subject AND days.predicate = 'elig:daysBefore'
LEFT JOIN v_triple AS months ON months.subject = declared.subject AND months.predicate = 'elig:monthsBefore'
LEFT JOIN v_triple AS after ON after.subject = declared.subject AND after.predicate = 'elig:daysAfter';

-- The window of each relation for each patient. The first day counts from the earliest day the anchor
-- may be, the last day from the latest; NULL is no limit.
CREATE OR REPLACE TABLE relation_window AS
SELECT
    anchor_date.patient,
    windowed.relation,
    windowed.base,
    CASE WHEN windowed.months_before IS NOT NULL
             THEN CAST(anchor_date.low - INTERVAL 1 MONTH * windowed.months_before AS DATE)
         WHEN windowed.days_before IS NOT NULL THEN plus_days(anchor_date.low, -windowed.days_before)
    END AS first_day,
    CASE WHEN windowed.days_after IS NOT NULL
             THEN plus_days(anchor_date.high, windowed.days_after) END AS last_day,
    COALESCE(windowed.days_before = 0, FALSE) AS current_only
FROM windowed_relation AS windowed
JOIN anchor_date ON anchor_date.anchor = windowed.anchor;

-- Statements with their dates.
CREATE OR REPLACE TABLE n_statement AS
SELECT DISTINCT
    link.patient,
    link.fact,
    about.value AS relation,
    COALESCE(kind.value, 'elig:Anything') AS kind,
    as_of.low AS as_of_low,
    as_of.high AS as_of_high,
    covers.property IS NOT NULL AS limited,
    covers_from.high AS covers_from
FROM e_link AS link
JOIN e_attribute AS about ON about.fact = link.fact AND about.property = 'elig:aboutRelation'
JOIN d_date AS as_of ON as_of.fact = link.fact AND as_of.property = 'elig:asOf'
LEFT JOIN e_attribute AS kind ON kind.fact = link.fact AND kind.property = 'elig:forKind'
LEFT JOIN e_attribute AS covers ON covers.fact = link.fact AND covers.property = 'elig:coversFrom'
LEFT JOIN d_date AS covers_from
    ON covers_from.fact = link.fact AND covers_from.property = 'elig:coversFrom'
LEFT JOIN n_status AS event ON event.fact = link.fact AND event.property = 'elig:eventStatus'
LEFT JOIN n_status AS verification
    ON verification.fact = link.fact AND verification.property = 'elig:verificationStatus'
WHERE link.relation = 'elig:hasCompleteness'
    AND NOT COALESCE(event.withdrawn, FALSE)
    AND NOT COALESCE(verification.withdrawn, FALSE)
    AND COALESCE(verification.status, 'elig:Confirmed') = 'elig:Confirmed';

-- How old a statement may be: the relation's own number, else the default rule's.
CREATE OR REPLACE TABLE n_valid_days AS
SELECT
    stated.relation,
    COALESCE(
        MIN(CASE WHEN rule.subject = stated.relation THEN CAST(rule.object AS INTEGER) END),
        MIN(CASE WHEN rule.subject = 'elig:DefaultCompletenessRule' THEN CAST(rule.object AS INTEGER) END)
    ) AS valid_days
FROM (SELECT DISTINCT relation FROM n_statement) AS stated
CROSS JOIN v_triple AS rule
WHERE rule.predicate = 'elig:completenessValidDays'
GROUP BY stated.relation;

-- The relations a statement speaks of, with the day each must be covered from (NULL: not known).
CREATE OR REPLACE TABLE n_needed AS
SELECT
    statement.patient,
    statement.relation AS stated,
    statement.relation,
    CASE WHEN look_back.object IS NOT NULL
             THEN plus_days(screening.screening, -CAST(look_back.object AS INTEGER))
         ELSE patient.birth_low END AS first_day
FROM (SELECT DISTINCT patient, relation FROM n_statement) AS statement
JOIN screening ON screening.patient = statement.patient
JOIN d_patient AS patient ON patient.patient = statement.patient
LEFT JOIN v_triple AS look_back
    ON look_back.subject = statement.relation AND look_back.predicate = 'elig:lookBackDays'
LEFT JOIN windowed_relation AS windowed ON windowed.relation = statement.relation
WHERE windowed.relation IS NULL
UNION
SELECT statement.patient, statement.relation, span.relation, span.first_day
FROM (SELECT DISTINCT patient, relation FROM n_statement) AS statement
JOIN relation_window AS span
    ON span.patient = statement.patient
    AND (span.base = statement.relation OR span.relation = statement.relation);

INSERT INTO complete
SELECT DISTINCT admissible.patient, admissible.relation, COALESCE(below.concept, admissible.kind)
FROM (
    SELECT statement.patient, needed.relation, statement.kind
    FROM n_statement AS statement
    JOIN screening ON screening.patient = statement.patient
    JOIN n_valid_days AS valid ON valid.relation = statement.relation
    JOIN n_needed AS needed
        ON needed.patient = statement.patient AND needed.stated = statement.relation
    WHERE statement.as_of_low >= plus_days(screening.screening, -valid.valid_days)
        AND statement.as_of_high <= screening.evaluation
        AND (NOT statement.limited OR statement.covers_from <= needed.first_day)
    UNION
    SELECT screening.patient, policy.relation, policy.kind
    FROM screening
    CROSS JOIN (
        SELECT relation, COALESCE(kind, 'elig:Anything') AS kind FROM p_completeness
        UNION
        SELECT windowed.relation, COALESCE(policy.kind, 'elig:Anything')
        FROM p_completeness AS policy
        JOIN windowed_relation AS windowed ON windowed.base = policy.relation
    ) AS policy
) AS admissible
LEFT JOIN v_below AS below ON below.kind = admissible.kind;

-- The same, spelled out: a row for every kind that is complete.
CREATE OR REPLACE VIEW complete_kind AS
SELECT patient, relation, kind FROM complete
UNION
SELECT whole.patient, whole.relation, known.concept
FROM complete AS whole
CROSS JOIN n_concept AS known
WHERE whole.kind = 'elig:Anything';
