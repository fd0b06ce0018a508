"""Timing → so many times in so long a period, each between two ends."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from eligo.records.fhir.access import child, children, number, refuse_modifiers, text
from eligo.records.fhir.document import JsonObject
from eligo.records.fhir.maps import FhirMaps
from eligo.records.fhir.outcome import RefusalError

_BOUNDS = {"boundsPeriod", "boundsDuration", "boundsRange"}
_WITHOUT_EFFECT = {"duration", "durationMax", "durationUnit", "offset", "extension", "id"}
_COUNTED = {"frequency", "frequencyMax", "period", "periodMax", "periodUnit"}
_LISTED = {"dayOfWeek", "timeOfDay", "when"}


@dataclass(frozen=True)
class Schedule:
    """How often a dose is taken.

    Attributes:
        times: How many times, at least.
        times_max: How many times, at most.
        period: In how long, at least.
        period_max: In how long, at most.
        unit: Unit of the period.
    """

    times: Decimal
    times_max: Decimal
    period: Decimal
    period_max: Decimal
    unit: str

    @classmethod
    def exactly(cls, times: int, period: int, unit: str) -> Schedule:
        """Return a schedule without play."""
        return cls(Decimal(times), Decimal(times), Decimal(period), Decimal(period), unit)

    @property
    def exact(self) -> bool:
        """Whether there is no play."""
        return self.times == self.times_max and self.period == self.period_max


def schedule_of(maps: FhirMaps, timing: JsonObject) -> Schedule | None:
    """Return what a Timing says of how often; None if it says only from when to when.

    Raises:
        RefusalError: It says how often in a way that is not so many times in so long a period.
    """
    refuse_modifiers(timing)
    if "event" in timing:
        raise RefusalError("timing: single events are not understood; give frequency and period")
    repeat = child(timing, "repeat") or {}
    said = set(repeat) - _BOUNDS - _WITHOUT_EFFECT
    if unread := said - _COUNTED - _LISTED:
        raise RefusalError(f"timing: {' and '.join(sorted(unread))} is not understood")
    written = _counted(repeat) if said & _COUNTED else None
    for other in (_listed(repeat) if said & _LISTED else None, _coded(maps, timing)):
        if written and other and written != other:
            raise RefusalError("timing: it says how often in two ways that differ; keep one")
        written = written or other
    return written


def _counted(repeat: JsonObject) -> Schedule:
    period, unit = number(repeat, "period"), text(repeat, "periodUnit")
    times = number(repeat, "frequency")
    if times is None or period is None or unit is None:
        what = "frequency, period or periodUnit is missing"
        raise RefusalError(f"timing: {what}; give all three")
    times_max = number(repeat, "frequencyMax") or times
    period_max = number(repeat, "periodMax") or period
    for value in (times, times_max, period, period_max):
        if not 0 < value < 10**6 or value.adjusted() < -6:
            raise RefusalError(f"timing: {value} is no number of times or units; correct it")
    if times_max < times or period_max < period:
        raise RefusalError("timing: a maximum is below its minimum; correct it")
    return Schedule(times, times_max, period, period_max, unit)


def _listed(repeat: JsonObject) -> Schedule:
    """Return how often lists of days, times and meals say."""
    lengths = {name: _length(repeat, name) for name in _LISTED}
    if lengths["timeOfDay"] and lengths["when"]:
        raise RefusalError("timing: timeOfDay and when are not understood together; keep one")
    each_day = lengths["timeOfDay"] or lengths["when"]
    days = lengths["dayOfWeek"]
    if not days:
        return Schedule.exactly(each_day, 1, "d")
    if not each_day and _COUNTED & set(repeat):
        # "once a day on Mondays" and "twice a week, on Mondays and Fridays" are both in use
        raise RefusalError("timing: dayOfWeek beside frequency is not understood; keep one")
    return Schedule.exactly(days * (each_day or 1), 1, "wk")


def _length(repeat: JsonObject, name: str) -> int:
    items = repeat.get(name, [])
    if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
        raise RefusalError(f"timing: {name} is no array of codes; correct it")
    if len(set(items)) != len(items):
        raise RefusalError(f"timing: {name} lists something twice; correct it")
    return len(items)


def _coded(maps: FhirMaps, timing: JsonObject) -> Schedule | None:
    """Return how often a code says; a code that is not known is read only beside numbers."""
    code = child(timing, "code")
    if code is None:
        return None
    found = {
        Schedule.exactly(*maps.timings[key])
        for coding in children(code, "coding")
        if (key := (text(coding, "system") or "", text(coding, "code") or "")) in maps.timings
    }
    if len(found) > 1:
        raise RefusalError("timing: its codings contradict each other; keep the right one")
    if not found and not timing.get("repeat"):
        raise RefusalError("timing: its code is not understood; give frequency and period")
    return found.pop() if found else None
