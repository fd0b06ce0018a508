-- Rows that name no person.
SELECT COUNT(*) FROM mapped_$table WHERE person_id IS NULL AND ignored IS NULL;
