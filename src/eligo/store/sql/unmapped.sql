-- Codes that no concept lists. The notation is compared as the derivation compares it.
CREATE OR REPLACE MACRO code_key(code_system, code_notation) AS
    CASE WHEN code_system IN ('system:ICD10CM', 'system:ATC')
             THEN UPPER(REPLACE(TRIM(code_notation), '.', ''))
         WHEN code_system = 'system:CVX'
             THEN COALESCE(NULLIF(LTRIM(TRIM(code_notation), '0'), ''), '0')
         ELSE TRIM(code_notation) END;

CREATE OR REPLACE TABLE listed AS
SELECT DISTINCT code.system, code.notation
FROM code
JOIN v_code
    ON v_code.system = code.system
    AND code_key(v_code.system, v_code.notation) = code_key(code.system, code.notation)
UNION
SELECT DISTINCT code.system, code.notation
FROM code
JOIN v_code_prefix
    ON v_code_prefix.system = code.system
    AND starts_with(code_key(code.system, code.notation), code_key(v_code_prefix.system, v_code_prefix.prefix));
