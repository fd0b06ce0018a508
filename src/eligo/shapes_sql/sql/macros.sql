-- What a literal says, as Python and with it the reference validator reads it.

-- The one text that stands for a term; no IRI begins with a quotation mark.
CREATE OR REPLACE TEMP MACRO shape_key(txt, kind, datatype, lang) AS
    CASE WHEN kind = 'iri' THEN txt ELSE '"' || datatype || '"' || lang || '"' || txt END;

CREATE OR REPLACE TEMP MACRO shape_key_text(k) AS
    CASE WHEN starts_with(k, '"') THEN regexp_replace(k, '^"[^"]*"[^"]*"', '') ELSE k END;

CREATE OR REPLACE TEMP MACRO shape_key_datatype(k) AS
    CASE WHEN starts_with(k, '"') THEN split_part(k, '"', 2) ELSE '' END;

CREATE OR REPLACE TEMP MACRO shape_key_language(k) AS
    CASE WHEN starts_with(k, '"') THEN split_part(k, '"', 3) ELSE '' END;

CREATE OR REPLACE TEMP MACRO shape_key_kind(k) AS
    CASE WHEN starts_with(k, '"') THEN 'literal' ELSE 'iri' END;

-- White space around numbers, but not the separators that Python takes off only some of them.
CREATE OR REPLACE TEMP MACRO shape_stripped(txt) AS
    regexp_replace(txt, '^[\t-\r\x20\x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}]+|[\t-\r\x20\x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}]+$', '', 'g');

CREATE OR REPLACE TEMP MACRO shape_is_boolean(txt) AS txt IN ('true', 'false', '1', '0');

-- Beyond 4,300 digits Python reads no integer.
CREATE OR REPLACE TEMP MACRO shape_is_integer(txt) AS
    CASE
        WHEN regexp_full_match(txt, '[-+]?[0-9]{1,300}') THEN TRUE
        ELSE length(txt) <= 4300
            AND regexp_full_match(shape_stripped(txt), '[-+]?\p{Nd}+(_\p{Nd}+)*')
    END;

CREATE OR REPLACE TEMP MACRO shape_is_decimal(txt) AS
    CASE
        WHEN regexp_full_match(txt, '[-+]?[0-9]+(\.[0-9]+)?') THEN TRUE
        ELSE regexp_full_match(
            replace(shape_stripped(txt), '_', ''),
            '[-+]?((\p{Nd}+(\.\p{Nd}*)?|\.\p{Nd}+)([eE][-+]?\p{Nd}{1,18})?|(?i:inf(inity)?|s?nan[0-9]*))'
        )
    END;

CREATE OR REPLACE TEMP MACRO shape_is_double(txt) AS
    CASE
        WHEN regexp_full_match(txt, '[-+]?[0-9]+(\.[0-9]+)?') THEN TRUE
        ELSE regexp_full_match(
            shape_stripped(txt),
            '[-+]?((D(\.(D)?)?|\.D)([eE][-+]?D)?|(?i:inf(inity)?|nan))'
                .replace('D', '\p{Nd}+(_\p{Nd}+)*')
        )
    END;

-- A date of Python's `fromisoformat`: of the calendar, or by its week.
CREATE OR REPLACE TEMP MACRO shape_is_day(txt) AS
    CASE
        WHEN regexp_full_match(txt, '[0-9]{4}-[0-9]{2}-[0-9]{2}')
            THEN NOT starts_with(txt, '0000') AND TRY_CAST(txt AS DATE) IS NOT NULL
        WHEN regexp_full_match(txt, '[0-9]{8}')
            THEN NOT starts_with(txt, '0000')
                AND TRY_CAST(txt[1:4] || '-' || txt[5:6] || '-' || txt[7:8] AS DATE) IS NOT NULL
        WHEN regexp_full_match(txt, '[0-9]{4}(-W[0-9]{2}(-[1-7])?|W[0-9]{2}[1-7]?)')
            THEN NOT starts_with(txt, '0000')
                AND NOT regexp_matches(txt, '9999-?W52-?[67]')
                AND (
                    regexp_extract(txt, 'W([0-9]{2})', 1) BETWEEN '01' AND '52'
                    OR (
                        regexp_extract(txt, 'W([0-9]{2})', 1) = '53'
                        AND weekofyear(TRY_CAST(txt[1:4] || '-12-28' AS DATE)) = 53
                    )
                )
        ELSE FALSE
    END;

-- rdflib drops a time or a time zone after a date.
CREATE OR REPLACE TEMP MACRO shape_is_date(txt) AS
    CASE
        WHEN regexp_full_match(txt, '[0-9]{4}-[0-9]{2}-[0-9]{2}') THEN shape_is_day(txt)
        ELSE coalesce(
            shape_is_day(
                nullif(
                    regexp_extract(
                        txt,
                        '(?s)^([0-9]{4}-(?:[0-9]{2}-[0-9]{2}|W[0-9]{2}(?:-[1-7])?))(?:T.*|[zZ]|\+[^+T]*|-[^-+T]*:[^-+T]*)?$',
                        1
                    ),
                    ''
                )
            ),
            FALSE
        )
    END;

CREATE OR REPLACE TEMP MACRO shape_is_clock(txt) AS
    regexp_full_match(
        txt,
        '([01][0-9]|2[0-3])(:[0-5][0-9](:[0-5][0-9]([.,][0-9]+)?)?|[0-5][0-9]([0-5][0-9]([.,][0-9]+)?)?)?'
    );

CREATE OR REPLACE TEMP MACRO shape_datetime_part(txt, part) AS
    regexp_extract(
        txt,
        '(?s)^([0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{8}|[0-9]{4}-W[0-9]{2}-[0-9]|[0-9]{4}W[0-9]{3}|[0-9]{4}-?W[0-9]{2}).([0-9:.,]+)(Z|[-+][0-9:.,]+)?$',
        part
    );

CREATE OR REPLACE TEMP MACRO shape_is_datetime(txt) AS
    CASE
        WHEN shape_is_day(txt) THEN TRUE
        ELSE coalesce(
            shape_is_day(shape_datetime_part(txt, 1))
            AND shape_is_clock(shape_datetime_part(txt, 2))
            AND (shape_datetime_part(txt, 3) IN ('', 'Z') OR shape_is_clock(shape_datetime_part(txt, 3)[2:])),
            FALSE
        )
    END;

-- Numbers are compared as floating-point numbers, and digit by digit where these are equal.
CREATE OR REPLACE TEMP MACRO shape_number(txt) AS
    coalesce(TRY_CAST(txt AS DOUBLE), TRY_CAST(replace(shape_stripped(txt), '_', '') AS DOUBLE));

CREATE OR REPLACE TEMP MACRO shape_digits(txt, floating) AS
    CASE
        WHEN floating THEN format('{:.1100f}', shape_number(txt))
        WHEN regexp_full_match(trim(txt), '[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)') THEN trim(txt)
        -- So many digits are exact.
        WHEN regexp_full_match(trim(txt), '[-+]?[0-9]{0,10}(\.[0-9]{0,9})?[eE][-+]?0?[0-9]')
            THEN TRY_CAST(trim(txt) AS DECIMAL(38, 19))::VARCHAR
    END;

-- Sign and digits without needless zeros, such that what is larger sorts after.
CREATE OR REPLACE TEMP MACRO shape_magnitude(txt, floating) AS
    list_transform(
        [shape_digits(txt, floating)],
        lambda d: {
            'negative': starts_with(d, '-') AND regexp_matches(d, '[1-9]'),
            'length': length(ltrim(split_part(d, '.', 1), '+-0')),
            'whole': ltrim(split_part(d, '.', 1), '+-0'),
            'fraction': rtrim(split_part(d, '.', 2), '0')
        }
    )[1];

CREATE OR REPLACE TEMP MACRO shape_order_digits(a, a_floating, b, b_floating) AS
    list_transform(
        [{
            'a': shape_magnitude(a, a_floating), 'b': shape_magnitude(b, b_floating),
            'known': shape_digits(a, a_floating) IS NOT NULL
                AND shape_digits(b, b_floating) IS NOT NULL
        }],
        lambda d: CASE
            WHEN NOT d.known THEN NULL
            WHEN d.a = d.b THEN 0
            WHEN d.a.negative <> d.b.negative THEN CASE WHEN d.a.negative THEN -1 ELSE 1 END
            WHEN (d.a > d.b) <> d.a.negative THEN 1
            ELSE -1
        END
    )[1];

-- The order of two numbers: -1, 0 or 1; NULL where one is no number or it cannot be told.
CREATE OR REPLACE TEMP MACRO shape_order(a, a_number, a_floating, b, b_number, b_floating) AS
    CASE
        WHEN a_number IS NULL OR b_number IS NULL OR isnan(a_number) OR isnan(b_number) THEN NULL
        WHEN a_number < b_number THEN -1
        WHEN a_number > b_number THEN 1
        WHEN a = b AND a_floating = b_floating THEN 0
        WHEN isinf(a_number) THEN NULL
        ELSE shape_order_digits(a, a_floating, b, b_floating)
    END;
