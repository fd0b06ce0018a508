--+ summary: A measurement with its codes, its day, and its value: a number with comparator and unit, or a code.
--+ table: measurement
--+ tags: importer, omop

-- A number without a known unit, or with an operator that is not understood, stays a note: the result is then
-- unknown, and no older one stands in for it. The limits of a reference range are in the unit of the number.
SELECT
    event.row,
    event.fact,
    event.person_id,
    elig('hasObservation') AS relation,
    elig('Observation') AS kind,
    event.repeated AS ignored,
    event.refused AS rejected,
    codings(measurement_concept_id, measurement_source_concept_id, measurement_source_value,
            event.described) AS "elig:code",
    day_literal(event.day) AS "elig:date",
    CASE WHEN event.readable THEN decimal_literal(value_as_number) END AS "elig:quantity/elig:value",
    CASE WHEN event.readable THEN literal(event.unit) END AS "elig:quantity/elig:unit",
    CASE WHEN event.readable THEN literal(event.comparator) END AS "elig:quantity/elig:comparator",
    CASE WHEN event.readable AND is_number(range_low) THEN decimal_literal(range_low) END
        AS "elig:lowerReferenceLimit/elig:value",
    CASE WHEN event.readable AND is_number(range_low) AND range_low IS NOT NULL THEN literal(event.unit) END
        AS "elig:lowerReferenceLimit/elig:unit",
    CASE WHEN event.readable AND is_number(range_high) THEN decimal_literal(range_high) END
        AS "elig:upperReferenceLimit/elig:value",
    CASE WHEN event.readable AND is_number(range_high) AND range_high IS NOT NULL THEN literal(event.unit) END
        AS "elig:upperReferenceLimit/elig:unit",
    CASE WHEN is_concept(value_as_concept_id)
         THEN COALESCE(result.value, result_code.value, concept_node(value_as_concept_id)) END AS "elig:result",
    those([
        CASE WHEN NOT event.readable THEN literal('value_as_number: ' || value_as_number || ', not read') END,
        CASE WHEN value_as_number IS NULL OR NOT event.readable
             THEN literal('value_source_value: ' || value_source_value) END
    ]) AS "elig:note",
    those([
        remark_unless(event.measurement_id IS NOT NULL, 'measurement_id is missing; give each row one'),
        remark_unless(is_day(event.day), 'measurement_date is no day of the calendar; write it as YYYY-MM-DD'),
        remark_unless(is_number(value_as_number), 'value_as_number is no number; correct it'),
        remark_unless(is_number(range_low), 'range_low is no number; correct it'),
        remark_unless(is_number(range_high), 'range_high is no number; correct it'),
        remark_unless(value_as_number IS NULL OR event.unit IS NOT NULL,
                      'the unit of value_as_number is not known, so that the value is not read; fill unit_concept_id or unit_source_value'),
        remark_unless(event.operator_known, 'operator_concept_id is no known comparison, so that the value is not read; correct it'),
        remark_unless(event.operators_agree, 'operator_concept_id contradicts value_source_value, so that the value is not read; correct it')
    ]) AS remarks
FROM (
    SELECT
        measured.*,
        day_or(measurement_date, measurement_datetime) AS day,
        standard.concept_id IS NOT NULL OR source.concept_id IS NOT NULL AS described,
        unit.text AS unit,
        NOT is_concept(operator_concept_id) OR operator.code IS NOT NULL AS operator_known,
        NOT is_concept(operator_concept_id) OR written.text IS NULL OR written.text IS NOT DISTINCT FROM operator.text
            AS operators_agree,
        CASE WHEN is_concept(operator_concept_id) THEN operator.text ELSE written.text END AS comparator,
        is_number(value_as_number) AND value_as_number IS NOT NULL AND unit.text IS NOT NULL
            AND (NOT is_concept(operator_concept_id)
                 OR (operator.code IS NOT NULL
                     AND (written.text IS NULL OR written.text IS NOT DISTINCT FROM operator.text))) AS readable
    FROM measurement AS measured
    LEFT JOIN concept AS standard ON standard.concept_id = measured.measurement_concept_id
    LEFT JOIN concept AS source ON source.concept_id = measured.measurement_source_concept_id
    LEFT JOIN unit_of AS unit
        ON unit.concept_id = COALESCE(measured.unit_concept_id, '0')
        AND unit.written IS NOT DISTINCT FROM measured.unit_source_value
    LEFT JOIN value_map AS operator
        ON operator.element = 'measurement.operator_concept_id' AND operator.code = measured.operator_concept_id
    LEFT JOIN value_map AS written
        ON written.element = 'measurement.value_source_value'
        AND written.code = regexp_extract(measured.value_source_value, '^([<>]=?|[≤≥])', 1)
) AS event
LEFT JOIN value_map AS result
    ON result.element = 'measurement.value_as_concept_id' AND result.code = event.value_as_concept_id
LEFT JOIN concept_value AS result_code
    ON result_code.element = 'Observation.value' AND result_code.concept_id = event.value_as_concept_id
