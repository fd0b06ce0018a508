-- The codings that are pointed at.
CREATE OR REPLACE TABLE used_node AS
SELECT DISTINCT
    SUBSTR(node, 2, LENGTH(node) - 2) AS name,
    SUBSTR(node, LENGTH(minted('')), LENGTH(node) - LENGTH(minted(''))) AS local
FROM ($columns) AS pointing
WHERE starts_with(node, '<' || minted_name(''));
