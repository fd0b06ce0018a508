--+ summary: A procedure with its codes and its day; one that was ordered is not known to be done.
--+ table: procedure_occurrence
--+ tags: importer, omop
SELECT
    event.row,
    event.fact,
    event.person_id,
    elig('hasProcedure') AS relation,
    elig('Procedure') AS kind,
    COALESCE(event.repeated, nothing.reason) AS ignored,
    event.refused AS rejected,
    codings(procedure_concept_id, procedure_source_concept_id, procedure_source_value,
            standard.concept_id IS NOT NULL OR source.concept_id IS NOT NULL) AS "elig:code",
    day_literal(day_or(procedure_date, procedure_datetime)) AS "elig:date",
    status.value AS "elig:eventStatus",
    CASE WHEN status.value IS NOT NULL
         THEN literal('procedure_type_concept_id: an order, not known to be done') END AS "elig:note",
    those([
        remark_unless(event.procedure_occurrence_id IS NOT NULL, 'procedure_occurrence_id is missing; give each row one'),
        remark_unless(is_day(day_or(procedure_date, procedure_datetime)),
                      'procedure_date is no day of the calendar; write it as YYYY-MM-DD')
    ]) AS remarks
FROM procedure_occurrence AS event
LEFT JOIN concept AS standard ON standard.concept_id = event.procedure_concept_id
LEFT JOIN concept AS source ON source.concept_id = event.procedure_source_concept_id
LEFT JOIN nothing_to_record AS nothing
    ON nothing.element = 'Procedure.code' AND nothing.concept_id = event.procedure_concept_id
LEFT JOIN value_map AS status
    ON status.element = 'procedure_occurrence.procedure_type_concept_id/eventStatus'
    AND status.code = event.procedure_type_concept_id
