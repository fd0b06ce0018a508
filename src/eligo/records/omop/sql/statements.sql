-- Statements as N-Triples.
CREATE OR REPLACE MACRO statement(subject, predicate, object) AS
    subject || ' ' || predicate || ' ' || object || ' .';

CREATE OR REPLACE MACRO statements(subject, predicate, objects) AS
    NULLIF(ARRAY_TO_STRING(list_transform(objects, lambda o: statement(subject, predicate, o)), CHR(10)), '');
