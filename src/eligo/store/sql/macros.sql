-- How IRIs are written, and which properties lead from a patient to a fact.

CREATE OR REPLACE MACRO is_relation(property) AS property IN ($relations);

-- A term of N-Triples in its short form. Blank nodes get a label that is theirs alone in all sources; an
-- IRI that could be taken for a short form keeps its brackets.
CREATE OR REPLACE MACRO short_term(term, own) AS CASE
    WHEN $hosted THEN CASE
        $shortened
        ELSE substr(term, 2, length(term) - 2)
    END
    WHEN starts_with(term, '<http') OR starts_with(term, '<urn:') THEN substr(term, 2, length(term) - 2)
    WHEN starts_with(term, '_:') THEN '_:' || own || '/' || substr(term, 3)
    WHEN $clashing THEN term
    ELSE substr(term, 2, length(term) - 2)
END;

-- A short form back to the IRI.
CREATE OR REPLACE MACRO full_iri(name) AS CASE
    WHEN starts_with(name, '<') THEN substr(name, 2, length(name) - 2)
    $expanded
    ELSE name
END;
