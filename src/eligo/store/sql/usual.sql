-- Writes them in the usual form.
UPDATE statement
SET object = usual.value, datatype = usual.kind
FROM usual
WHERE statement.kind = 'literal' AND statement.object = usual.object AND statement.datatype = usual.datatype;
