-- Lines of canonical N-Triples or N-Quads, each with the number of its source, as columns.
--
-- "said" and "place" are what the name of a blank node is made from: what it says, and where it hangs.
CREATE OR REPLACE TABLE statement AS
SELECT
    short_term(s, source) AS subject,
    short_term(p, source) AS predicate,
    CASE
        WHEN kind <> 'literal' THEN short_term(first, source)
        WHEN quote IS NOT NULL THEN CAST(quote AS JSON) ->> '$$'
        ELSE split_part(rest, '"', 2)
    END AS object,
    kind,
    CASE
        WHEN kind <> 'literal' THEN NULL
        WHEN tail = '' THEN 'xsd:string'
        WHEN starts_with(tail, '@') THEN 'rdf:langString'
        ELSE short_term(datatype, source)
    END AS datatype,
    CASE WHEN starts_with(tail, '@') THEN substr(tail, 2) END AS language,
    source,
    CASE
        WHEN NOT starts_with(s, '_:') THEN NULL
        WHEN kind = 'blank' THEN p || ' '
        WHEN kind <> 'literal' THEN p || ' ' || first
        WHEN quote IS NOT NULL THEN p || ' ' || quote || tail
        ELSE p || ' "' || split_part(rest, '"', 2) || '"' || tail
    END AS said,
    CASE
        WHEN kind <> 'blank' THEN NULL
        WHEN starts_with(s, '_:') THEN ' ' || p
        ELSE s || ' ' || p
    END AS place
FROM (
    SELECT *, CASE WHEN starts_with(tail, '^') THEN substr(tail, 3) END AS datatype
    FROM (
        SELECT
            *,
            CASE
                WHEN kind <> 'literal' THEN NULL
                WHEN quote IS NOT NULL THEN split_part(substr(rest, length(quote) + 1), ' ', 1)
                ELSE split_part(split_part(rest, '"', 3), ' ', 1)
            END AS tail
        FROM (
            SELECT
                source,
                s,
                p,
                rest,
                CASE WHEN NOT starts_with(rest, '"') THEN split_part(rest, ' ', 1) END AS first,
                CASE
                    WHEN starts_with(rest, '"') AND contains(rest, '\')
                        THEN regexp_extract(rest, '^"(?:[^"\\]|\\.)*"')
                END AS quote,
                CASE
                    WHEN starts_with(rest, '"') THEN 'literal'
                    WHEN starts_with(rest, '_:') THEN 'blank'
                    WHEN starts_with(rest, '<<') THEN 'statement'
                    ELSE 'iri'
                END AS kind
            FROM (
                SELECT source, s, p, substr(line, length(s) + length(p) + 3) AS rest
                FROM (
                    SELECT
                        source,
                        split_part(line, ' ', 1) AS s,
                        split_part(line, ' ', 2) AS p,
                        line
                    FROM read_csv(
                        $file, delim = chr(31), quote = '', escape = '', header = false,
                        auto_detect = false, strict_mode = false, max_line_size = $longest,
                        columns = {'source': 'INTEGER', 'line': 'VARCHAR'}
                    )
                )
            )
        )
    )
);
