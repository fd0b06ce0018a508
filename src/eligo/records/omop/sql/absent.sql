-- A table that the database does not have: no row.
CREATE OR REPLACE VIEW source_$table AS
SELECT CAST(NULL AS BIGINT) AS row, $columns
WHERE FALSE;
