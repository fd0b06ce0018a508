--+ summary: Who the patient is: date of birth as far as it is known, and sex at birth.
--+ table: person
--+ tags: importer, omop
SELECT
    person.row,
    person.fact,
    person.person_id,
    elig('Patient') AS kind,
    person.repeated AS ignored,
    person.refused AS rejected,
    -- A day without its month says nothing: the year stays. The time stamp of birth often is filled up with
    -- invented days, so that it counts only where the year is missing.
    CASE
        WHEN year_of_birth IS NULL THEN day_literal(birth_datetime)
        WHEN month_of_birth IS NULL THEN typed(LPAD(year_of_birth, 4, '0'), 'gYear')
        WHEN day_of_birth IS NULL
            THEN typed(LPAD(year_of_birth, 4, '0') || '-' || LPAD(month_of_birth, 2, '0'), 'gYearMonth')
        ELSE day_literal(LPAD(year_of_birth, 4, '0') || '-' || LPAD(month_of_birth, 2, '0') || '-'
                         || LPAD(day_of_birth, 2, '0'))
    END AS "elig:birthDate",
    gender.value AS "elig:sexAtBirth",
    CASE WHEN gender.value IS NOT NULL
         THEN literal('sex at birth: gender_concept_id stands in for it') END AS "elig:note",
    those([
        remark_unless(
            is_day(CASE WHEN year_of_birth IS NULL THEN birth_datetime
                        ELSE LPAD(year_of_birth, 4, '0') || '-' || LPAD(COALESCE(month_of_birth, '1'), 2, '0') || '-'
                             || LPAD(CASE WHEN month_of_birth IS NULL THEN '1' ELSE COALESCE(day_of_birth, '1') END,
                                     2, '0') END),
            'the date of birth is no day of the calendar; correct year_of_birth, month_of_birth and day_of_birth')
    ]) AS remarks
FROM person
LEFT JOIN value_map AS gender
    ON gender.element = 'person.gender_concept_id' AND gender.code = person.gender_concept_id
