-- Writes a segment: its statements with whose they are, where known, and the nodes it speaks of.
COPY (
    SELECT CAST($unit AS BIGINT) AS unit, reach.patient, statement.*
    FROM statement
    LEFT JOIN reach ON reach.node = statement.subject
) TO $statements (FORMAT parquet, COMPRESSION lz4);

COPY ($nodes) TO $node_file (FORMAT parquet, COMPRESSION lz4);

COPY ($suspects) TO $suspect_file (FORMAT parquet, COMPRESSION lz4);
