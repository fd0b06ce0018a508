--+ summary: That a person died, as a note on the patient.
--+ table: death
--+ tags: importer, omop
SELECT
    death.row,
    minted_name('person:' || url_encode(death.person_id)) AS fact,
    death.person_id,
    death.repeated AS ignored,
    death.refused AS rejected,
    literal('died' || COALESCE(' ' || death_date, ', date not recorded')) AS "elig:note",
    those([
        remark_unless(is_day(death_date), 'death_date is no day of the calendar; write it as YYYY-MM-DD')
    ]) AS remarks
FROM death
