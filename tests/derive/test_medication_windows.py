"""Windows around doses and runs: the last day inside and the first outside."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

import pytest

from derive.medication_kit import derive
from derive.medication_numbers import outward
from derive.medication_oracle import Patient
from derive.medication_strategies import SCREENING
from derive.test_medication_exact import BODY, COMPLETE, measure, steroid


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        (0, 14, True),
        (-90, 14, True),
        (-91, 14, False),
        (1, 20, False),
        (0, 13, False),
        (0, 190, True),
        (0, 191, False),
    ],
)
def test_values_across_a_run(before: int, after: int, found: bool) -> None:
    first = SCREENING - timedelta(days=190)
    last = first + timedelta(days=20)
    use = steroid("a", "Prednisolone", "60", start=(first, first), end=(last, last))
    days = (first + timedelta(days=before), first + timedelta(days=after))
    values = ((days[0], Fraction(2)), (days[1], Fraction(5, 2)))
    weights = ((first, BODY[1]),)
    person = Patient("p", SCREENING, SCREENING, (use,), weights, complete=COMPLETE, values=values)
    rows = derive([person]).execute(
        "SELECT attribute, low, high FROM fact_attribute WHERE attribute LIKE '%Change' ORDER BY 1"
    )
    rise, percent = (Fraction(1, 2),) * 2, (Fraction(25),) * 2
    expected = [
        ("elig:egfrChange", *rise),
        ("elig:upcrChange", *rise),
        ("elig:upcrRelativeChange", *percent),
    ]
    assert rows.fetchall() == (expected if found else [])


@pytest.mark.parametrize(("ago", "found"), [(183, True), (184, False)])
def test_later_value_is_recent(ago: int, found: bool) -> None:
    first = SCREENING - timedelta(days=300)
    last = first + timedelta(days=20)
    use = steroid("a", "Prednisolone", "60", start=(first, first), end=(last, last))
    values = ((first, Fraction(2)), (SCREENING - timedelta(days=ago), Fraction(5, 2)))
    weights = ((first, BODY[1]),)
    person = Patient("p", SCREENING, SCREENING, (use,), weights, complete=COMPLETE, values=values)
    rows = derive([person]).execute(
        "SELECT low FROM fact_attribute WHERE attribute = 'elig:upcrChange'"
    )
    assert len(rows.fetchall()) == found


@pytest.mark.parametrize(
    ("weights", "low", "high"),
    [
        ({-2: 66, 2: 60}, 66, 66),
        ({-3: 66, 2: 60}, 60, 60),
        ({-2: 66, 3: 60}, 66, 66),
        ({-90: 66}, 66, 66),
        ({-91: 66}, 25, 350),
        ({5: 66}, 66, 66),
        ({6: 66}, 25, 350),
        ({}, 25, 350),
    ],
)
def test_nearest_weight(weights: dict[int, int], low: int, high: int) -> None:
    values = tuple((SCREENING + timedelta(days=n), Fraction(kg)) for n, kg in weights.items())
    later = SCREENING + timedelta(days=5)
    known = tuple(value for value in values if value[0] <= later)
    use = steroid("a", "Azathioprine", "99")
    person = Patient("p", SCREENING, later, (use,), known, complete=COMPLETE)
    found = measure(person, "measure:currentAzathioprineDosePerKg")
    assert found == [outward(Fraction(99, high), Fraction(99, low))]
