-- The statements of a part as the record shapes read them.
CREATE OR REPLACE VIEW triple AS
SELECT
    patient_key AS patient, subject, predicate, object, kind, COALESCE(datatype, '') AS datatype,
    LOWER(COALESCE(language, '')) AS language, CAST(source AS VARCHAR) AS source
FROM part_triple;
