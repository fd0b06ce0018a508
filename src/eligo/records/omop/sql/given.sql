-- The rows that are asked for, with what each says as one value.
CREATE OR REPLACE TABLE given AS
SELECT source.*, MD5($content) AS content
FROM source_$table AS source
WHERE $wanted;
