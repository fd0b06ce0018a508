-- Numbers and quantities as exact intervals, in canonical units.
--
-- A number is read from its written form, digit by digit: mantissa (at most twenty digits, then rounded
-- outward) and a power of ten. It is multiplied, divided once, and rounded outward at nine places.

-- A power of ten as an integer.
CREATE OR REPLACE MACRO power_of_ten(n) AS CAST('1' || REPEAT('0', CAST(n AS INTEGER)) AS HUGEINT);

-- Conversions that hold for one concept and those below it, as factors on the unit a value is written in.
-- Where several lead to the same unit they are the same; the one with the smallest numbers is taken.
CREATE OR REPLACE TABLE n_concept_conversion AS
SELECT concept, unit, canonical, num, den
FROM (
    SELECT
        below.concept,
        written.unit,
        target.canonical,
        -- to the canonical unit, to the unit the conversion starts from, across, to the canonical unit there
        written.num * source.den * CAST(numerator.object AS HUGEINT) * target.num AS num,
        written.den * source.num * CAST(denominator.object AS HUGEINT) * target.den AS den,
        ROW_NUMBER() OVER (
            PARTITION BY below.concept, written.unit, target.canonical
            ORDER BY written.num * source.den * CAST(numerator.object AS HUGEINT) * target.num,
                     written.den * source.num * CAST(denominator.object AS HUGEINT) * target.den
        ) AS place
    FROM v_triple AS declared
    JOIN v_triple AS from_unit
        ON from_unit.subject = declared.object AND from_unit.predicate = 'elig:fromUnit'
    JOIN v_triple AS to_unit ON to_unit.subject = declared.object AND to_unit.predicate = 'elig:toUnit'
    JOIN v_triple AS numerator
        ON numerator.subject = declared.object AND numerator.predicate = 'elig:numerator'
    JOIN v_triple AS denominator
        ON denominator.subject = declared.object AND denominator.predicate = 'elig:denominator'
    JOIN v_unit AS source ON source.unit = from_unit.object
    JOIN v_unit AS target ON target.unit = to_unit.object AND target.canonical <> source.canonical
    JOIN v_unit AS written ON written.canonical = source.canonical
    JOIN v_below AS below ON below.kind = declared.subject
    WHERE declared.predicate = 'elig:hasUnitConversion'
) AS ranked
WHERE place = 1;

-- Quantities as written, with the factor to their canonical unit.
CREATE OR REPLACE TABLE n_quantity AS
SELECT
    written.fact,
    written.property,
    NULLIF(TRIM(written.value), '') AS value,
    NULLIF(TRIM(written.low), '') AS low,
    NULLIF(TRIM(written.high), '') AS high,
    NULLIF(TRIM(written.comparator), '') AS comparator,
    NULLIF(TRIM(written.unit), '') AS unit,
    CASE WHEN NULLIF(TRIM(written.unit), '') IS NULL THEN NULL
         ELSE COALESCE(special.canonical, unit.canonical) END AS canonical,
    CASE WHEN NULLIF(TRIM(written.unit), '') IS NULL THEN 1 ELSE COALESCE(special.num, unit.num) END AS num,
    CASE WHEN NULLIF(TRIM(written.unit), '') IS NULL THEN 1 ELSE COALESCE(special.den, unit.den) END AS den
FROM e_quantity AS written
LEFT JOIN v_unit AS unit ON unit.unit = TRIM(written.unit)
LEFT JOIN (
    SELECT DISTINCT coded.fact, conversion.unit, conversion.canonical, conversion.num, conversion.den
    FROM d_concept AS coded
    JOIN n_concept_conversion AS conversion ON conversion.concept = coded.concept
    WHERE coded.property = 'elig:code'
) AS special ON special.fact = written.fact AND special.unit = TRIM(written.unit);

CREATE OR REPLACE TABLE n_number AS
SELECT fact, property, TRIM(value) AS value
FROM e_attribute
WHERE datatype IN (
    'xsd:decimal', 'xsd:integer', 'xsd:double', 'xsd:float', 'xsd:int', 'xsd:long', 'xsd:short', 'xsd:byte',
    'xsd:nonNegativeInteger', 'xsd:positiveInteger', 'xsd:nonPositiveInteger', 'xsd:negativeInteger',
    'xsd:unsignedLong', 'xsd:unsignedInt', 'xsd:unsignedShort', 'xsd:unsignedByte'
);

-- Each distinct written number with each factor it is multiplied by.
CREATE OR REPLACE TABLE n_written AS
SELECT value AS lexical, num, den FROM n_quantity WHERE value IS NOT NULL AND num IS NOT NULL
UNION
SELECT low, num, den FROM n_quantity WHERE low IS NOT NULL AND num IS NOT NULL
UNION
SELECT high, num, den FROM n_quantity WHERE high IS NOT NULL AND num IS NOT NULL
UNION
SELECT value, 1, 1 FROM n_number;

CREATE OR REPLACE TABLE n_part AS
SELECT
    lexical,
    num,
    den,
    regexp_extract(lexical, '^([+-]?)([0-9]*)[.]?([0-9]*)([eE]([+-]?[0-9]+))?$', 1) = '-' AS negative,
    LTRIM(regexp_extract(lexical, '^([+-]?)([0-9]*)[.]?([0-9]*)([eE]([+-]?[0-9]+))?$', 2)
        || regexp_extract(lexical, '^([+-]?)([0-9]*)[.]?([0-9]*)([eE]([+-]?[0-9]+))?$', 3), '0') AS digits,
    LENGTH(regexp_extract(lexical, '^([+-]?)([0-9]*)[.]?([0-9]*)([eE]([+-]?[0-9]+))?$', 3)) AS decimals,
    CASE WHEN regexp_extract(lexical, '^([+-]?)([0-9]*)[.]?([0-9]*)([eE]([+-]?[0-9]+))?$', 5) = '' THEN 0
         ELSE TRY_CAST(regexp_extract(lexical, '^([+-]?)([0-9]*)[.]?([0-9]*)([eE]([+-]?[0-9]+))?$', 5) AS INTEGER)
    END AS exponent
FROM n_written
WHERE regexp_matches(lexical, '^[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?$');

-- Mantissa times a power of ten; "cut" when digits beyond the twentieth were dropped.
CREATE OR REPLACE TABLE n_scaled AS
SELECT
    lexical,
    num,
    den,
    negative,
    CASE WHEN digits = '' THEN 0 ELSE CAST(SUBSTR(RTRIM(digits, '0'), 1, 20) AS HUGEINT) END AS mantissa,
    LENGTH(RTRIM(digits, '0')) > 20 AS cut,
    -- billionths: nine more places
    CASE WHEN digits = '' THEN 0
         ELSE exponent - decimals + 9 + LENGTH(digits) - LEAST(LENGTH(RTRIM(digits, '0')), 20) END AS power,
    LEAST(LENGTH(RTRIM(digits, '0')), 20) AS mantissa_length
FROM n_part
WHERE exponent BETWEEN -1000 AND 1000;

CREATE OR REPLACE TABLE n_magnitude AS
SELECT
    lexical,
    num,
    den,
    negative,
    CASE
        WHEN mantissa = 0 THEN 0
        WHEN power >= 0 THEN div_floor(mantissa * num * power_of_ten(power), den)
        WHEN LENGTH(CAST(den AS VARCHAR)) - power <= 38 THEN div_floor(mantissa * num, den * power_of_ten(-power))
        ELSE 0
    END AS least_nano,
    CASE
        WHEN mantissa = 0 THEN 0
        WHEN power >= 0
            THEN div_ceil((mantissa + CASE WHEN cut THEN 1 ELSE 0 END) * num * power_of_ten(power), den)
        WHEN LENGTH(CAST(den AS VARCHAR)) - power <= 38
            THEN div_ceil((mantissa + CASE WHEN cut THEN 1 ELSE 0 END) * num, den * power_of_ten(-power))
        ELSE 1
    END AS most_nano
FROM n_scaled
WHERE mantissa = 0
    OR mantissa_length + LENGTH(CAST(num AS VARCHAR)) + GREATEST(power, 0) <= 37;

-- Each written number in billionths of its canonical unit; what does not fit nine digits is left out.
CREATE OR REPLACE TABLE n_reading AS
SELECT
    lexical,
    num,
    den,
    CASE WHEN negative THEN -most_nano ELSE least_nano END AS low,
    CASE WHEN negative THEN -least_nano ELSE most_nano END AS high
FROM n_magnitude
WHERE most_nano <= 999999999999999998;

-- Quantities as intervals of billionths; "readable" is false where any part cannot be read.
CREATE OR REPLACE TABLE n_interval AS
SELECT
    quantity.fact,
    quantity.property,
    quantity.unit,
    quantity.canonical,
    CASE
        WHEN quantity.value IS NULL THEN range_low.low
        WHEN quantity.comparator = '>'
            THEN point.low + CASE WHEN point.low = point.high THEN 1 ELSE 0 END
        WHEN quantity.comparator IN ('<', '<=') THEN NULL
        ELSE point.low
    END AS low,
    CASE
        WHEN quantity.value IS NULL THEN range_high.high
        WHEN quantity.comparator = '<'
            THEN point.high - CASE WHEN point.low = point.high THEN 1 ELSE 0 END
        WHEN quantity.comparator IN ('>', '>=') THEN NULL
        ELSE point.high
    END AS high,
    quantity.num IS NOT NULL
        AND COALESCE(quantity.comparator, '=') IN ('=', '<', '<=', '>=', '>')
        AND CASE
            WHEN quantity.value IS NOT NULL THEN point.lexical IS NOT NULL
            ELSE (quantity.low IS NOT NULL OR quantity.high IS NOT NULL)
                AND (quantity.low IS NULL) = (range_low.lexical IS NULL)
                AND (quantity.high IS NULL) = (range_high.lexical IS NULL)
                AND COALESCE(range_low.low <= range_high.high, TRUE)
        END AS readable
FROM n_quantity AS quantity
LEFT JOIN n_reading AS point
    ON point.lexical = quantity.value AND point.num = quantity.num AND point.den = quantity.den
LEFT JOIN n_reading AS range_low
    ON range_low.lexical = quantity.low AND range_low.num = quantity.num AND range_low.den = quantity.den
LEFT JOIN n_reading AS range_high
    ON range_high.lexical = quantity.high AND range_high.num = quantity.num
    AND range_high.den = quantity.den;

-- A coded grade of a scale is the number that it stands for as a result of its test.
INSERT INTO n_interval
SELECT DISTINCT
    graded.fact,
    'elig:quantity',
    unit.unit,
    unit.canonical,
    div_floor(nano(CAST(number.object AS DECIMAL(18, 9))) * unit.num, unit.den),
    div_ceil(nano(CAST(number.object AS DECIMAL(18, 9))) * unit.num, unit.den),
    TRUE
FROM d_concept AS graded
JOIN v_triple AS ordinal ON ordinal.subject = graded.concept AND ordinal.predicate = 'elig:hasOrdinal'
JOIN v_triple AS number ON number.subject = ordinal.object AND number.predicate = 'elig:ordinalValue'
JOIN v_triple AS test ON test.subject = ordinal.object AND test.predicate = 'elig:ofKind'
JOIN v_below AS below ON below.kind = test.object
JOIN d_concept AS coded
    ON coded.fact = graded.fact AND coded.property = 'elig:code' AND coded.concept = below.concept
JOIN v_triple AS counted ON counted.subject = 'elig:ordinalValue' AND counted.predicate = 'elig:unit'
JOIN v_unit AS unit ON unit.unit = counted.object
WHERE graded.property = 'elig:result';

-- Several quantities of one attribute span an interval; one unreadable or of another dimension leaves none.
CREATE OR REPLACE TABLE d_quantity AS
SELECT
    fact,
    property,
    as_low(CASE WHEN COUNT(low) = COUNT(*) THEN MIN(low) END) AS low,
    as_high(CASE WHEN COUNT(high) = COUNT(*) THEN MAX(high) END) AS high,
    MIN(canonical) AS unit
FROM n_interval
GROUP BY fact, property
HAVING COUNT(*) = COUNT(CASE WHEN readable AND canonical IS NOT NULL THEN 1 END)
    AND COUNT(DISTINCT canonical) = 1;

-- Plain numbers, and quantities that come without a unit.
CREATE OR REPLACE TABLE d_number AS
SELECT
    fact,
    property,
    as_low(CASE WHEN COUNT(low) = COUNT(*) THEN MIN(low) END) AS low,
    as_high(CASE WHEN COUNT(high) = COUNT(*) THEN MAX(high) END) AS high
FROM (
    SELECT number.fact, number.property, reading.low, reading.high, reading.lexical IS NOT NULL AS readable
    FROM n_number AS number
    LEFT JOIN n_reading AS reading
        ON reading.lexical = number.value AND reading.num = 1 AND reading.den = 1
    UNION ALL
    SELECT bare.fact, bare.property, bare.low, bare.high, bare.readable
    FROM n_interval AS bare
    LEFT JOIN n_interval AS other
        ON other.fact = bare.fact AND other.property = bare.property AND other.unit IS NOT NULL
    WHERE bare.unit IS NULL AND other.fact IS NULL
) AS plain
GROUP BY fact, property
HAVING COUNT(*) = COUNT(CASE WHEN readable THEN 1 END);
