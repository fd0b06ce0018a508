-- Whether a test on file leaves a question open: a result that is not certainly negative and that no later
-- negative result settles. A viral load given as a number, an indeterminate result, an unclear order.

CREATE OR REPLACE TABLE open_request AS
SELECT declared.subject AS measure, latest.object AS latest, kind.object AS kind, negative.object AS negative
FROM v_triple AS declared
JOIN v_triple AS latest ON latest.subject = declared.subject AND latest.predicate = 'elig:ofMeasure'
JOIN v_triple AS kind ON kind.subject = latest.object AND kind.predicate = 'elig:ofKind'
JOIN v_triple AS negative
    ON negative.subject = declared.object AND negative.predicate = 'elig:negativeResult'
WHERE declared.predicate = 'elig:family' AND declared.object = 'elig:OpenResult';

CREATE OR REPLACE TABLE open_result AS
SELECT DISTINCT request.measure, fact.patient, fact.fact
FROM open_request AS request
JOIN v_below AS below ON below.kind = request.kind
JOIN fact ON fact.relation = 'elig:hasObservation' AND fact.concept = below.concept AND NOT fact.planned
LEFT JOIN d_concept AS result ON result.fact = fact.fact AND result.property = 'elig:result'
LEFT JOIN v_below AS certain ON certain.concept = result.concept AND certain.kind = request.negative
LEFT JOIN measurement AS settled ON settled.patient = fact.patient AND settled.measure = request.latest
LEFT JOIN v_below AS settling ON settling.concept = settled.value AND settling.kind = request.negative
WHERE certain.concept IS NULL AND settling.concept IS NULL;

INSERT INTO measurement
SELECT
    screening.patient, request.measure, NULL, NULL,
    CASE WHEN COUNT(found.fact) > 0 THEN 'true' ELSE 'false' END
FROM open_request AS request
CROSS JOIN screening
LEFT JOIN open_result AS found ON found.patient = screening.patient AND found.measure = request.measure
GROUP BY screening.patient, request.measure;

INSERT INTO measurement_source
SELECT patient, measure, fact FROM open_result;
