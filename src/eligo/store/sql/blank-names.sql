-- Prepares the naming of blank nodes: what each says, and where each hangs, every statement once.
CREATE OR REPLACE TABLE b_statement AS
SELECT DISTINCT subject, predicate, object, kind, said, place, datatype, language
FROM statement
WHERE said IS NOT NULL OR place IS NOT NULL;

CREATE OR REPLACE TABLE b_open AS
SELECT subject AS node FROM b_statement WHERE said IS NOT NULL
UNION
SELECT object FROM b_statement WHERE place IS NOT NULL;

CREATE OR REPLACE TABLE b_content (node VARCHAR, content VARCHAR);
CREATE OR REPLACE TABLE b_name (node VARCHAR, name VARCHAR);
