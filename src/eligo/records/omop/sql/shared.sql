-- Identifiers that stand for rows of different content. They are looked for in the whole table, so that a fact has
-- the same name whichever patients are asked for.
CREATE OR REPLACE TABLE shared AS
SELECT $key AS identifier
FROM (SELECT $key, MD5($content) AS content FROM $everything)
WHERE $key IN (SELECT $key FROM given)
GROUP BY $key
HAVING COUNT(DISTINCT content) > 1;
