--+ summary: An observation; an allergy with its agent, and a condition or procedure that stands among the observations.
--+ table: observation
--+ tags: importer, omop

-- A qualifier ("family history of", "ruled out") may turn the meaning round: such a row stays an observation whose
-- value is not read.
SELECT
    event.row,
    event.fact,
    event.person_id,
    CASE event.role
        WHEN elig('AdverseReaction') THEN elig('hasAdverseReaction')
        WHEN elig('Condition') THEN elig('hasCondition')
        WHEN elig('Procedure') THEN elig('hasProcedure')
        ELSE elig('hasObservation') END AS relation,
    CASE event.role
        WHEN elig('AdverseReaction') THEN elig('AdverseReaction')
        WHEN elig('Condition') THEN elig('Condition')
        WHEN elig('Procedure') THEN elig('Procedure')
        ELSE elig('Observation') END AS kind,
    event.repeated AS ignored,
    event.refused AS rejected,
    CASE WHEN event.role IS DISTINCT FROM elig('AdverseReaction')
         THEN codings(observation_concept_id, observation_source_concept_id, observation_source_value,
                      event.described) END AS "elig:code",
    CASE WHEN event.role IS DISTINCT FROM elig('AdverseReaction') THEN NULL
         WHEN event.agent_is_value THEN [concept_node(value_as_concept_id)]
         ELSE codings(observation_concept_id, observation_source_concept_id, observation_source_value,
                      event.described) END AS "elig:agent",
    CASE WHEN event.role IS DISTINCT FROM elig('Condition') THEN day_literal(event.day) END AS "elig:date",
    CASE WHEN event.role = elig('Condition') THEN day_literal(event.day) END AS "elig:startDate",
    CASE WHEN event.readable THEN decimal_literal(value_as_number) END AS "elig:quantity/elig:value",
    CASE WHEN event.readable THEN literal(event.unit) END AS "elig:quantity/elig:unit",
    CASE WHEN event.readable THEN literal(event.comparator) END AS "elig:quantity/elig:comparator",
    CASE WHEN event.role IS NULL AND NOT event.qualified AND is_concept(value_as_concept_id)
         THEN COALESCE(result.value, result_code.value, concept_node(value_as_concept_id)) END AS "elig:result",
    those([
        CASE WHEN event.qualified
             THEN literal('qualifier: ' || COALESCE(qualifier.concept_name, qualifier_source_value, qualifier_concept_id)
                          || '; the value is not read') END,
        CASE WHEN NOT event.readable THEN literal('value_as_number: ' || value_as_number || ', not read') END,
        literal('value_as_string: ' || value_as_string),
        CASE WHEN NOT event.readable AND value_as_string IS NULL
             THEN literal('value_source_value: ' || value_source_value) END
    ]) AS "elig:note",
    those([
        remark_unless(event.observation_id IS NOT NULL, 'observation_id is missing; give each row one'),
        remark_unless(is_day(event.day), 'observation_date is no day of the calendar; write it as YYYY-MM-DD'),
        remark_unless(is_number(value_as_number), 'value_as_number is no number; correct it'),
        remark_unless(value_as_number IS NULL OR event.unit IS NOT NULL,
                      'the unit of value_as_number is not known, so that the value is not read; fill unit_concept_id or unit_source_value')
    ]) AS remarks
FROM (
    SELECT
        observed.*,
        day_or(observation_date, observation_datetime) AS day,
        standard.concept_id IS NOT NULL OR source.concept_id IS NOT NULL AS described,
        is_concept(qualifier_concept_id) OR qualifier_source_value IS NOT NULL AS qualified,
        unit.text AS unit,
        written.text AS comparator,
        is_number(value_as_number) AND value_as_number IS NOT NULL AND unit.text IS NOT NULL
            AND NOT is_concept(qualifier_concept_id) AND qualifier_source_value IS NULL
            AND allergy.value IS NULL AS readable,
        allergy.value IS NOT NULL AND is_concept(value_as_concept_id) AS agent_is_value,
        CASE
            WHEN is_concept(qualifier_concept_id) OR qualifier_source_value IS NOT NULL THEN NULL
            WHEN allergy.value IS NOT NULL AND is_concept(value_as_concept_id) THEN allergy.value
            WHEN class.value IS NOT NULL THEN class.value
            WHEN is_concept(value_as_concept_id) OR value_as_number IS NOT NULL OR value_as_string IS NOT NULL
                OR value_source_value IS NOT NULL THEN NULL
            ELSE domain.value
        END AS role
    FROM observation AS observed
    LEFT JOIN concept AS standard ON standard.concept_id = observed.observation_concept_id
    LEFT JOIN concept AS source ON source.concept_id = observed.observation_source_concept_id
    LEFT JOIN value_map AS domain ON domain.element = 'observation.domain_id' AND domain.code = standard.domain_id
    LEFT JOIN value_map AS allergy
        ON allergy.element = 'observation.observation_concept_id' AND allergy.code = observed.observation_concept_id
    LEFT JOIN classified AS class
        ON class.concept_id = observed.observation_concept_id AND class.value = elig('AdverseReaction')
    LEFT JOIN unit_of AS unit
        ON unit.concept_id = COALESCE(observed.unit_concept_id, '0')
        AND unit.written IS NOT DISTINCT FROM observed.unit_source_value
    LEFT JOIN value_map AS written
        ON written.element = 'measurement.value_source_value'
        AND written.code = regexp_extract(observed.value_source_value, '^([<>]=?|[≤≥])', 1)
) AS event
LEFT JOIN concept AS qualifier ON qualifier.concept_id = event.qualifier_concept_id
LEFT JOIN value_map AS result
    ON result.element = 'measurement.value_as_concept_id' AND result.code = event.value_as_concept_id
LEFT JOIN concept_value AS result_code
    ON result_code.element = 'Observation.value' AND result_code.concept_id = event.value_as_concept_id
