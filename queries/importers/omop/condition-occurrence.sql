--+ summary: A condition with its codes, its first and last day, and how sure and how active it is.
--+ table: condition_occurrence
--+ tags: importer, omop
SELECT
    event.row,
    event.fact,
    event.person_id,
    elig('hasCondition') AS relation,
    elig('Condition') AS kind,
    COALESCE(event.repeated, nothing.reason) AS ignored,
    event.refused AS rejected,
    codings(condition_concept_id, condition_source_concept_id, condition_source_value,
            standard.concept_id IS NOT NULL OR source.concept_id IS NOT NULL) AS "elig:code",
    day_literal(day_or(condition_start_date, condition_start_datetime)) AS "elig:startDate",
    CASE WHEN billed.code IS NULL
         THEN day_literal(day_or(condition_end_date, condition_end_datetime)) END AS "elig:endDate",
    clinical.value AS "elig:clinicalStatus",
    COALESCE(machine.value, verified.value) AS "elig:verificationStatus",
    those([
        literal('stop_reason: ' || stop_reason),
        CASE WHEN billed.code IS NOT NULL
             THEN literal('condition_end_date ' || day_or(condition_end_date, condition_end_datetime)
                          || ' is the end of a bill, not of the condition') END
    ]) AS "elig:note",
    those([
        remark_unless(event.condition_occurrence_id IS NOT NULL, 'condition_occurrence_id is missing; give each row one'),
        remark_unless(is_day(day_or(condition_start_date, condition_start_datetime)),
                      'condition_start_date is no day of the calendar; write it as YYYY-MM-DD'),
        remark_unless(billed.code IS NOT NULL OR is_day(day_or(condition_end_date, condition_end_datetime)),
                      'condition_end_date is no day of the calendar; write it as YYYY-MM-DD'),
        remark_unless(billed.code IS NOT NULL
                      OR NOT ends_too_early(day_or(condition_start_date, condition_start_datetime),
                                            day_or(condition_end_date, condition_end_datetime)),
                      'condition_end_date lies before condition_start_date; correct the one that is wrong')
    ]) AS remarks
FROM condition_occurrence AS event
LEFT JOIN concept AS standard ON standard.concept_id = event.condition_concept_id
LEFT JOIN concept AS source ON source.concept_id = event.condition_source_concept_id
LEFT JOIN nothing_to_record AS nothing
    ON nothing.element = 'Condition.code' AND nothing.concept_id = event.condition_concept_id
LEFT JOIN value_map AS billed
    ON billed.element = 'condition_occurrence.condition_type_concept_id/billed'
    AND billed.code = event.condition_type_concept_id
LEFT JOIN value_map AS machine
    ON machine.element = 'condition_occurrence.condition_type_concept_id/verificationStatus'
    AND machine.code = event.condition_type_concept_id
LEFT JOIN value_map AS verified
    ON verified.element = 'condition_occurrence.condition_status_concept_id/verificationStatus'
    AND verified.code = event.condition_status_concept_id
LEFT JOIN value_map AS clinical
    ON clinical.element = 'condition_occurrence.condition_status_concept_id/clinicalStatus'
    AND clinical.code = event.condition_status_concept_id
