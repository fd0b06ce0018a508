-- Scores and classification sets: weighted sums, sums of the best item of each domain, and counts of items.
--
-- An item is present, absent or not assessed. The lower bound counts what is present, the upper bound also
-- what is not assessed. Items of a cumulative score gather over a life; those of another score belong to
-- one visit, and a reported total may stand in for them.

CREATE OR REPLACE TABLE score_request AS
SELECT
    declared.subject AS measure,
    declared.object AS family,
    MAX(CASE WHEN given.predicate = 'elig:ofScore' THEN given.object END) AS score,
    MAX(CASE WHEN given.predicate = 'elig:domainKind' THEN given.object END) AS domain_kind,
    COALESCE(MAX(CASE WHEN given.predicate = 'elig:anchor' THEN given.object END), 'elig:ScreeningDate')
        AS anchor,
    CAST(MAX(CASE WHEN given.predicate = 'elig:daysBefore' THEN given.object END) AS INTEGER) AS days_before
FROM v_triple AS declared
JOIN v_triple AS given ON given.subject = declared.subject
WHERE declared.predicate = 'elig:family'
    AND declared.object IN ('elig:ScoreSum', 'elig:ScoreDomainMaxima', 'elig:ScoreCount')
GROUP BY declared.subject, declared.object;

CREATE OR REPLACE TABLE score_used AS
SELECT
    used.score,
    COALESCE(LOWER(MAX(cumulative.object)) IN ('true', '1'), FALSE) AS cumulative
FROM (SELECT DISTINCT score FROM score_request WHERE score IS NOT NULL) AS used
LEFT JOIN v_triple AS cumulative
    ON cumulative.subject = used.score AND cumulative.predicate = 'elig:cumulative'
GROUP BY used.score;

CREATE OR REPLACE TABLE score_item AS
SELECT
    part.object AS score,
    inside.object AS domain,
    kind.object AS domain_kind,
    inside.subject AS item,
    CAST(weight.object AS DECIMAL(18, 9)) AS weight
FROM score_used
JOIN v_triple AS part ON part.object = score_used.score AND part.predicate = 'elig:partOfScore'
JOIN v_triple AS inside ON inside.object = part.subject AND inside.predicate = 'elig:inDomain'
JOIN v_triple AS weight ON weight.subject = inside.subject AND weight.predicate = 'elig:weight'
LEFT JOIN v_triple AS kind ON kind.subject = part.subject AND kind.predicate = 'elig:domainKind';

CREATE OR REPLACE TABLE score_item_finding AS
SELECT DISTINCT item.score, item.item, named.object AS finding, named.predicate = 'elig:allFindings' AS all_needed
FROM score_item AS item
JOIN v_triple AS named
    ON named.subject = item.item AND named.predicate IN ('elig:anyFinding', 'elig:allFindings');

CREATE OR REPLACE TABLE score_cover AS
SELECT DISTINCT needed.score, needed.finding, cover.object AS covering
FROM score_item_finding AS needed
JOIN v_triple AS cover ON cover.subject = needed.finding AND cover.predicate = 'elig:coveredBy';

CREATE OR REPLACE TABLE score_finding AS
SELECT score, finding FROM score_item_finding
UNION
SELECT score, covering FROM score_cover;

-- Findings judged both present and absent on one day: the item is not assessed that day.
CREATE OR REPLACE TABLE score_contradicted AS
SELECT judged.patient, judged.concept, judged.start_low AS day
FROM fact AS judged
JOIN d_boolean AS present ON present.fact = judged.fact AND present.property = 'elig:present'
WHERE judged.relation = 'elig:hasFinding' AND judged.start_low IS NOT NULL
GROUP BY judged.patient, judged.concept, judged.start_low
HAVING COUNT(DISTINCT present.value) > 1;

-- Recorded findings. A visit is a day; a cumulative score has one visit that gathers everything.
CREATE OR REPLACE TABLE score_record AS
SELECT DISTINCT
    score_used.score,
    fact.patient,
    CASE WHEN score_used.cumulative THEN DATE '0001-01-01' ELSE fact.start_low END AS visit_low,
    CASE WHEN score_used.cumulative THEN DATE '0001-01-01' ELSE fact.start_high END AS visit_high,
    fact.fact,
    fact.concept,
    present.value = 'true' AS present
FROM fact
JOIN d_boolean AS present ON present.fact = fact.fact AND present.property = 'elig:present'
CROSS JOIN score_used
LEFT JOIN score_contradicted AS contradicted
    ON contradicted.patient = fact.patient AND contradicted.concept = fact.concept
    AND contradicted.day = fact.start_low
WHERE fact.relation = 'elig:hasFinding'
    AND NOT fact.planned
    AND COALESCE(fact.verification, 'elig:Confirmed') = 'elig:Confirmed'
    AND (score_used.cumulative OR fact.start_low IS NOT NULL)
    AND contradicted.patient IS NULL;

-- Biopsies that show, or may show, a finding that is a histologic class.
CREATE OR REPLACE TABLE score_biopsy AS
SELECT DISTINCT fact.patient, fact.fact, class.concept, sure.concept IS NOT NULL AS sure
FROM v_triple AS rule
JOIN v_can_be AS possible ON possible.kind = rule.object
JOIN fact ON fact.relation = 'elig:hasProcedure' AND fact.concept = possible.concept
LEFT JOIN v_below AS sure ON sure.concept = fact.concept AND sure.kind = rule.object
LEFT JOIN d_concept AS class ON class.fact = fact.fact AND class.property = 'elig:histologicClass'
WHERE rule.subject = 'elig:BiopsyFindingRule' AND rule.predicate = 'elig:ofKind' AND NOT fact.planned;

CREATE OR REPLACE TABLE score_class AS
SELECT needed.score, needed.finding
FROM score_finding AS needed
JOIN score_used ON score_used.score = needed.score AND score_used.cumulative
JOIN v_triple AS rule
    ON rule.subject = 'elig:BiopsyFindingRule' AND rule.predicate = 'elig:histologyKind'
JOIN v_below AS below ON below.concept = needed.finding AND below.kind = rule.object;

-- What speaks for or against each finding: a present finding makes the wider ones present, an absent one
-- makes the narrower ones absent. A class is absent where all procedures are on record and none can show it.
CREATE OR REPLACE TABLE score_sign AS
SELECT
    record.score, record.patient, record.visit_low, record.visit_high, needed.finding, record.fact, record.present
FROM score_record AS record
JOIN v_below AS below ON below.concept = record.concept
JOIN score_finding AS needed ON needed.score = record.score AND needed.finding = below.kind
WHERE record.present
UNION
SELECT
    record.score, record.patient, record.visit_low, record.visit_high, needed.finding, record.fact, record.present
FROM score_record AS record
JOIN v_below AS below ON below.kind = record.concept
JOIN score_finding AS needed ON needed.score = record.score AND needed.finding = below.concept
WHERE NOT record.present
UNION
SELECT class.score, biopsy.patient, DATE '0001-01-01', DATE '0001-01-01', class.finding, biopsy.fact, TRUE
FROM score_biopsy AS biopsy
JOIN v_below AS below ON below.concept = biopsy.concept
JOIN score_class AS class ON class.finding = below.kind
WHERE biopsy.sure
UNION
SELECT class.score, closed.patient, DATE '0001-01-01', DATE '0001-01-01', class.finding, NULL, FALSE
FROM (
    SELECT DISTINCT complete.patient
    FROM complete
    JOIN v_triple AS rule
        ON rule.subject = 'elig:BiopsyFindingRule' AND rule.predicate = 'elig:ofKind'
        AND complete.kind IN (rule.object, 'elig:Anything')
    WHERE complete.relation = 'elig:hasProcedure'
) AS closed
CROSS JOIN score_class AS class
LEFT JOIN (
    SELECT DISTINCT biopsy.patient, class.finding
    FROM score_biopsy AS biopsy
    JOIN v_can_be AS possible ON possible.concept = biopsy.concept
    JOIN score_class AS class ON class.finding = possible.kind
    UNION
    SELECT biopsy.patient, class.finding
    FROM score_biopsy AS biopsy
    CROSS JOIN score_class AS class
    WHERE biopsy.concept IS NULL
) AS doubt ON doubt.patient = closed.patient AND doubt.finding = class.finding
WHERE doubt.patient IS NULL;

-- Each finding of each visit, once.
CREATE OR REPLACE TABLE score_judged AS
SELECT
    score, patient, visit_low, visit_high, finding,
    MAX(CASE WHEN present THEN 1 ELSE 0 END) = 1 AS present,
    MAX(CASE WHEN present THEN 0 ELSE 1 END) = 1 AS absent
FROM score_sign
GROUP BY score, patient, visit_low, visit_high, finding;

-- A finding whose covering findings are all absent is absent.
CREATE OR REPLACE TABLE score_status AS
SELECT
    judged.score, judged.patient, judged.visit_low, judged.visit_high, judged.finding,
    -- over a life what was present once counts; within one visit a contradiction is no assessment
    MAX(CASE WHEN judged.present AND (score_used.cumulative OR NOT judged.absent) THEN 1 ELSE 0 END) = 1 AS present,
    MAX(CASE WHEN judged.present THEN 1 ELSE 0 END) = 0 AS absent
FROM (
    SELECT score, patient, visit_low, visit_high, finding, present, absent FROM score_judged
    UNION ALL
    SELECT judged.score, judged.patient, judged.visit_low, judged.visit_high, cover.finding, FALSE, TRUE
    FROM score_judged AS judged
    JOIN score_cover AS cover ON cover.score = judged.score AND cover.covering = judged.finding
    JOIN (
        SELECT score, finding, COUNT(*) AS coverings FROM score_cover GROUP BY score, finding
    ) AS counted ON counted.score = cover.score AND counted.finding = cover.finding
    WHERE judged.absent AND NOT judged.present
    GROUP BY judged.score, judged.patient, judged.visit_low, judged.visit_high, cover.finding
    HAVING COUNT(*) = MIN(counted.coverings)
) AS judged
JOIN score_used ON score_used.score = judged.score
GROUP BY judged.score, judged.patient, judged.visit_low, judged.visit_high, judged.finding;

-- Visits with at least one recorded sign.
CREATE OR REPLACE TABLE score_visit AS
SELECT DISTINCT score, patient, visit_low, visit_high FROM score_sign WHERE fact IS NOT NULL;

CREATE OR REPLACE TABLE score_item_status AS
SELECT
    visit.score,
    visit.patient,
    visit.visit_low,
    visit.visit_high,
    item.item,
    item.domain,
    item.domain_kind,
    item.weight,
    CASE WHEN needed.all_needed THEN COALESCE(counted.present, 0) = needed.findings
         ELSE COALESCE(counted.present, 0) > 0 END AS present,
    CASE WHEN needed.all_needed THEN COALESCE(counted.absent, 0) > 0
         ELSE COALESCE(counted.absent, 0) = needed.findings END AS absent
FROM score_visit AS visit
JOIN score_item AS item ON item.score = visit.score
JOIN (
    SELECT score, item, all_needed, COUNT(*) AS findings
    FROM score_item_finding GROUP BY score, item, all_needed
) AS needed ON needed.score = item.score AND needed.item = item.item
LEFT JOIN (
    SELECT
        status.score, status.patient, status.visit_low, status.visit_high, named.item,
        COUNT(CASE WHEN status.present THEN 1 END) AS present,
        COUNT(CASE WHEN status.absent THEN 1 END) AS absent
    FROM score_status AS status
    JOIN score_item_finding AS named ON named.score = status.score AND named.finding = status.finding
    GROUP BY status.score, status.patient, status.visit_low, status.visit_high, named.item
) AS counted
    ON counted.score = visit.score AND counted.patient = visit.patient
    AND counted.visit_low = visit.visit_low AND counted.visit_high = visit.visit_high
    AND counted.item = item.item;

-- The interval of each measure at each visit.
CREATE OR REPLACE TABLE score_visit_value AS
SELECT
    request.measure, status.patient, status.visit_low, status.visit_high,
    SUM(CASE WHEN status.present THEN 1 ELSE 0 END
        * CASE request.family WHEN 'elig:ScoreCount' THEN 1 ELSE status.weight END) AS low,
    SUM(CASE WHEN status.absent THEN 0 ELSE 1 END
        * CASE request.family WHEN 'elig:ScoreCount' THEN 1 ELSE status.weight END) AS high
FROM score_request AS request
JOIN score_item_status AS status
    ON status.score = request.score
    AND (request.domain_kind IS NULL OR request.domain_kind = status.domain_kind)
WHERE request.family IN ('elig:ScoreSum', 'elig:ScoreCount')
GROUP BY request.measure, status.patient, status.visit_low, status.visit_high
UNION ALL
SELECT best.measure, best.patient, best.visit_low, best.visit_high, SUM(best.low), SUM(best.high)
FROM (
    SELECT
        request.measure, status.patient, status.visit_low, status.visit_high, status.domain,
        MAX(CASE WHEN status.present THEN status.weight ELSE 0 END) AS low,
        MAX(CASE WHEN status.absent THEN 0 ELSE status.weight END) AS high
    FROM score_request AS request
    JOIN score_item_status AS status
        ON status.score = request.score
        AND (request.domain_kind IS NULL OR request.domain_kind = status.domain_kind)
    WHERE request.family = 'elig:ScoreDomainMaxima'
    GROUP BY request.measure, status.patient, status.visit_low, status.visit_high, status.domain
) AS best
GROUP BY best.measure, best.patient, best.visit_low, best.visit_high;

-- Reported totals, as plain numbers or in a unit of dimension one.
CREATE OR REPLACE TABLE score_total AS
SELECT
    request.measure,
    fact.patient,
    fact.start_low AS visit_low,
    fact.start_high AS visit_high,
    MIN(fact.fact) AS fact,
    COUNT(*) = COUNT(COALESCE(number.fact, quantity.fact)) AS readable,
    CASE WHEN COUNT(COALESCE(number.low, quantity.low)) = COUNT(*)
         THEN MIN(COALESCE(number.low, quantity.low)) END AS low,
    CASE WHEN COUNT(COALESCE(number.high, quantity.high)) = COUNT(*)
         THEN MAX(COALESCE(number.high, quantity.high)) END AS high
FROM score_request AS request
JOIN v_triple AS total ON total.subject = request.score AND total.predicate = 'elig:totalConcept'
JOIN v_below AS below ON below.kind = total.object
JOIN fact ON fact.relation = 'elig:hasObservation' AND fact.concept = below.concept
LEFT JOIN d_number AS number ON number.fact = fact.fact AND number.property = 'elig:quantity'
LEFT JOIN d_quantity AS quantity
    ON quantity.fact = fact.fact AND quantity.property = 'elig:quantity'
    AND quantity.unit IN (SELECT canonical FROM v_unit WHERE unit IN ('1', '{score}'))
WHERE request.family = 'elig:ScoreSum'
    AND request.domain_kind IS NULL
    AND NOT fact.planned
    AND fact.start_low IS NOT NULL
GROUP BY request.measure, fact.patient, fact.start_low, fact.start_high;

-- Total and items of one day: what both allow, or what either allows where they disagree.
CREATE OR REPLACE TABLE score_day AS
SELECT
    COALESCE(total.measure, items.measure) AS measure,
    COALESCE(total.patient, items.patient) AS patient,
    COALESCE(total.visit_low, items.visit_low) AS date_low,
    COALESCE(total.visit_high, items.visit_high) AS date_high,
    CASE WHEN items.measure IS NULL THEN total.low
         WHEN NOT COALESCE(total.readable, FALSE) THEN items.low
         WHEN COALESCE(total.low > items.high, FALSE) OR COALESCE(total.high < items.low, FALSE)
             THEN CASE WHEN total.low IS NULL THEN NULL ELSE LEAST(total.low, items.low) END
         ELSE GREATEST(COALESCE(total.low, items.low), items.low) END AS low,
    CASE WHEN items.measure IS NULL THEN total.high
         WHEN NOT COALESCE(total.readable, FALSE) THEN items.high
         WHEN COALESCE(total.low > items.high, FALSE) OR COALESCE(total.high < items.low, FALSE)
             THEN CASE WHEN total.high IS NULL THEN NULL ELSE GREATEST(total.high, items.high) END
         ELSE LEAST(COALESCE(total.high, items.high), items.high) END AS high,
    COALESCE(total.readable, FALSE) OR items.measure IS NOT NULL AS readable
FROM score_total AS total
FULL OUTER JOIN (
    SELECT value.*
    FROM score_visit_value AS value
    JOIN score_request AS request ON request.measure = value.measure
    JOIN score_used ON score_used.score = request.score AND NOT score_used.cumulative
) AS items
    ON items.measure = total.measure AND items.patient = total.patient
    AND items.visit_low = total.visit_low AND items.visit_high = total.visit_high;

-- The latest day of the window; with partial dates all that may be the latest.
CREATE OR REPLACE TABLE score_latest AS
SELECT dated.*
FROM (
    SELECT
        day.*,
        MAX(CASE WHEN (request.days_before IS NULL
                       OR COALESCE(day.date_low >= plus_days(anchor_date.high, -request.days_before), FALSE))
                      AND day.date_high <= screening.evaluation
                 THEN day.date_low END)
            OVER (PARTITION BY day.measure, day.patient) AS latest_day
    FROM score_day AS day
    JOIN score_request AS request ON request.measure = day.measure
    JOIN screening ON screening.patient = day.patient
    JOIN anchor_date ON anchor_date.patient = day.patient AND anchor_date.anchor = request.anchor
    WHERE day.date_low <= screening.evaluation
        AND (request.days_before IS NULL
             OR day.date_high >= plus_days(anchor_date.low, -request.days_before))
) AS dated
WHERE dated.date_high >= dated.latest_day;

INSERT INTO measurement
SELECT value.patient, value.measure, CAST(value.low AS DECIMAL(18, 9)), CAST(value.high AS DECIMAL(18, 9)), NULL
FROM score_visit_value AS value
JOIN score_request AS request ON request.measure = value.measure
JOIN score_used ON score_used.score = request.score AND score_used.cumulative
UNION ALL
SELECT
    patient,
    measure,
    CAST(CASE WHEN COUNT(low) = COUNT(*) THEN MIN(low) END AS DECIMAL(18, 9)),
    CAST(CASE WHEN COUNT(high) = COUNT(*) THEN MAX(high) END AS DECIMAL(18, 9)),
    NULL
FROM score_latest
GROUP BY patient, measure
HAVING COUNT(*) = COUNT(CASE WHEN readable THEN 1 END);

INSERT INTO measurement_source
SELECT DISTINCT sign.patient, request.measure, sign.fact
FROM score_request AS request
JOIN score_used ON score_used.score = request.score
JOIN score_sign AS sign ON sign.score = request.score AND sign.fact IS NOT NULL
JOIN measurement AS measured ON measured.patient = sign.patient AND measured.measure = request.measure
LEFT JOIN score_latest AS latest
    ON latest.measure = request.measure AND latest.patient = sign.patient
    AND latest.date_low = sign.visit_low AND latest.date_high = sign.visit_high
LEFT JOIN score_cover AS cover ON cover.score = sign.score AND cover.covering = sign.finding
JOIN score_item_finding AS named
    ON named.score = sign.score AND (named.finding = sign.finding OR named.finding = cover.finding)
JOIN score_item AS item
    ON item.score = named.score AND item.item = named.item
    AND (request.domain_kind IS NULL OR request.domain_kind = item.domain_kind)
WHERE score_used.cumulative OR latest.measure IS NOT NULL
UNION
SELECT DISTINCT latest.patient, latest.measure, fact.fact
FROM score_latest AS latest
JOIN measurement AS measured ON measured.patient = latest.patient AND measured.measure = latest.measure
JOIN score_request AS request ON request.measure = latest.measure
JOIN v_triple AS total ON total.subject = request.score AND total.predicate = 'elig:totalConcept'
JOIN v_below AS below ON below.kind = total.object
JOIN fact
    ON fact.relation = 'elig:hasObservation' AND fact.concept = below.concept
    AND fact.patient = latest.patient
    AND fact.start_low = latest.date_low AND fact.start_high = latest.date_high;
