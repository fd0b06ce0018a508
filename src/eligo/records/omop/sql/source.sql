-- A table as it was found: its columns by the model's names, as text in one form, with the place of each row.
CREATE OR REPLACE VIEW source_$table AS
SELECT ROW_NUMBER() OVER () AS row, $columns
FROM $relation;
