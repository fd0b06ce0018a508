--+ summary: The use of a drug with its codes, days, route, strength and dose; a vaccine as an immunization.
--+ table: drug_exposure
--+ tags: importer, omop

-- The end is the one the source gives (verbatim_end_date), else the one the model defines; without one the use
-- ended, or will end, on some unknown day. A dose is stated only
-- for a drug with one ingredient of a fixed amount a unit, by quantity and days of supply; what cannot be
-- computed is unknown, never zero.
SELECT
    event.row,
    event.fact,
    event.person_id,
    CASE WHEN event.vaccine THEN elig('hasImmunization') ELSE elig('hasMedicationUse') END AS relation,
    CASE WHEN event.vaccine THEN elig('Immunization') ELSE elig('MedicationUse') END AS kind,
    COALESCE(event.repeated, nothing.reason) AS ignored,
    event.refused AS rejected,
    CASE WHEN strength.ingredient_concept_id IS NULL OR strength.ingredient_concept_id = event.drug_concept_id
         THEN event.codes
         ELSE list_distinct(list_append(event.codes, concept_node(strength.ingredient_concept_id)))
    END AS "elig:code",
    CASE WHEN event.vaccine THEN day_literal(event.first_day) END AS "elig:date",
    CASE WHEN NOT event.vaccine THEN day_literal(event.first_day) END AS "elig:startDate",
    CASE WHEN NOT event.vaccine THEN day_literal(event.last_day) END AS "elig:endDate",
    CASE WHEN NOT event.vaccine AND event.last_day IS NULL THEN typed('true', 'boolean') END AS "elig:endUnknown",
    status.value AS "elig:eventStatus",
    CASE WHEN NOT event.vaccine THEN recorded.value END AS "elig:recordedAs",
    CASE WHEN NOT event.vaccine AND is_concept(route_concept_id)
         THEN COALESCE(route.value, route_code.value, concept_node(route_concept_id))
         WHEN NOT event.vaccine THEN source_node(route_source_value) END AS "elig:route",
    CASE WHEN NOT event.vaccine THEN decimal_literal(strength.amount) END AS "elig:strength/elig:value",
    CASE WHEN NOT event.vaccine AND strength.amount IS NOT NULL THEN literal(strength.unit) END
        AS "elig:strength/elig:unit",
    CASE WHEN dose.low = dose.high THEN decimal_literal(dose.low) END AS "elig:dailyDose/elig:value",
    CASE WHEN dose.low <> dose.high THEN decimal_literal(dose.low) END AS "elig:dailyDose/elig:low",
    CASE WHEN dose.low <> dose.high THEN decimal_literal(dose.high) END AS "elig:dailyDose/elig:high",
    CASE WHEN dose.low IS NOT NULL THEN literal(strength.unit || '/d') END AS "elig:dailyDose/elig:unit",
    those([
        literal('sig: ' || sig),
        literal('stop_reason: ' || stop_reason),
        CASE WHEN dose.low IS NOT NULL
             THEN literal('daily dose computed: quantity ' || quantity || ' of ' || strength.amount || ' '
                          || strength.unit || ' over ' || days_supply || ' days of supply') END
    ]) AS "elig:note",
    those([
        remark_unless(event.drug_exposure_id IS NOT NULL, 'drug_exposure_id is missing; give each row one'),
        remark_unless(is_day(event.first_day),
                      'drug_exposure_start_date is no day of the calendar; write it as YYYY-MM-DD'),
        remark_unless(event.vaccine OR is_day(event.last_day),
                      'the end date is no day of the calendar; write it as YYYY-MM-DD'),
        remark_unless(event.vaccine OR NOT ends_too_early(event.first_day, event.last_day),
                      'the end date lies before drug_exposure_start_date; correct the one that is wrong'),
        remark_unless(is_number(quantity), 'quantity is no number; correct it'),
        remark_unless(is_number(days_supply), 'days_supply is no number; correct it')
    ]) AS remarks
FROM (
    SELECT
        exposure.*,
        day_or(drug_exposure_start_date, drug_exposure_start_datetime) AS first_day,
        COALESCE(verbatim_end_date, drug_exposure_end_date, drug_exposure_end_datetime) AS last_day,
        standard_vaccine.concept_id IS NOT NULL OR source_vaccine.concept_id IS NOT NULL AS vaccine,
        codings(drug_concept_id, drug_source_concept_id, drug_source_value,
                standard.concept_id IS NOT NULL OR source.concept_id IS NOT NULL) AS codes
    FROM drug_exposure AS exposure
    LEFT JOIN concept AS standard ON standard.concept_id = exposure.drug_concept_id
    LEFT JOIN concept AS source ON source.concept_id = exposure.drug_source_concept_id
    LEFT JOIN vaccine AS standard_vaccine ON standard_vaccine.concept_id = exposure.drug_concept_id
    LEFT JOIN vaccine AS source_vaccine ON source_vaccine.concept_id = exposure.drug_source_concept_id
) AS event
LEFT JOIN nothing_to_record AS nothing
    ON nothing.element = 'Medication.code' AND nothing.concept_id = event.drug_concept_id
LEFT JOIN value_map AS status
    ON status.element = 'drug_exposure.drug_type_concept_id/eventStatus'
    AND status.code = event.drug_type_concept_id
LEFT JOIN value_map AS recorded
    ON recorded.element = 'drug_exposure.drug_type_concept_id/recordedAs'
    AND recorded.code = event.drug_type_concept_id
LEFT JOIN value_map AS route
    ON route.element = 'drug_exposure.route_concept_id' AND route.code = event.route_concept_id
LEFT JOIN concept_value AS route_code
    ON route_code.element = 'Dosage.route' AND route_code.concept_id = event.route_concept_id
LEFT JOIN single_ingredient AS strength ON strength.drug_concept_id = event.drug_concept_id
LEFT JOIN daily_dose AS dose ON dose.row = event.row AND NOT event.vaccine
