"""The queries of a profile as they are sent: with patients put in, and as counts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import pyoxigraph as ox

from eligo.errors import InputError, UsageError
from eligo.records.profile import Profile, Query, place_of
from eligo.records.remote.endpoint import IRI
from eligo.resources import query_text

PATIENTS = re.compile(
    r"(?P<prologue>.*?)SELECT\s+DISTINCT\s+\?patient\s+WHERE\s*(?P<pattern>\{.*\})"
    r"\s*ORDER\s+BY\s+STR\(\?patient\)\s*LIMIT\s+\d+\s*",
    re.DOTALL,
)
RECORD = re.compile(
    r"(?P<prologue>.*?)CONSTRUCT\s*\{\s*\?subject\s+\?predicate\s+\?object\s*\.?\s*\}"
    r"\s*WHERE\s*(?P<pattern>\{.*\})\s*",
    re.DOTALL,
)
LIMIT = re.compile(r"LIMIT\s+\d+\s*$")


@dataclass(frozen=True)
class RemoteQueries:
    """What an endpoint is asked.

    Attributes:
        patients: The profile's query for patients.
        record: Its query for records.
        source: The endpoint, for messages.
    """

    patients: Query
    record: Query
    source: str

    @staticmethod
    def of(profile: Profile, source: str) -> RemoteQueries:
        """Return the queries of a profile.

        Raises:
            UsageError: The profile reads files only.
            InputError: A query is not of the form that can be paged and counted.
        """
        if profile.patients is None or profile.record is None:
            raise UsageError(
                f"profile {profile.name} reads files only: patients.rq or record.rq is missing"
            )
        if not PATIENTS.fullmatch(profile.patients.text):
            profile.patients.refuse(
                "cannot be paged: write SELECT DISTINCT ?patient WHERE { … } "
                "ORDER BY STR(?patient) LIMIT 100"
            )
        if not RECORD.fullmatch(profile.record.text):
            profile.record.refuse(
                "cannot be counted: write CONSTRUCT { ?subject ?predicate ?object } WHERE { … }"
            )
        return RemoteQueries(profile.patients, profile.record, source)

    def page(self, after: str, size: int) -> str:
        """Ask for the patients that follow one."""
        text = _put(self.patients.text, "after", str(ox.Literal(after)))
        return LIMIT.sub(f"LIMIT {size}", text)

    def records(self, patients: Iterable[str]) -> str:
        """Ask for the records of some patients."""
        return _put(self.record.text, "patient", self._iris(patients))

    def count_records(self, patients: Iterable[str]) -> str:
        """Ask how many statements these records have."""
        text = _counted(RECORD, self.record.text, "remote/count-statements")
        return _put(text, "patient", self._iris(patients))

    def count_patients(self) -> str:
        """Ask how many patients there are."""
        text = _counted(PATIENTS, self.patients.text, "remote/count-patients")
        return _put(text, "after", str(ox.Literal("")))

    def _iris(self, patients: Iterable[str]) -> str:
        return " ".join(f"<{self.checked(iri)}>" for iri in patients)

    def checked(self, iri: str) -> str:
        """Return an IRI that the endpoint gave, if it is one.

        Raises:
            InputError: It holds what could end an IRI in a query.
        """
        if not IRI.fullmatch(iri):
            raise InputError(f"gives {iri!r} as a patient, which is no IRI", source=self.source)
        return iri


def _put(text: str, name: str, values: str) -> str:
    return place_of(name).sub(lambda match: f"{match[1]} {values} }}", text)


def _counted(form: re.Pattern[str], text: str, counting: str) -> str:
    found = form.fullmatch(text)
    if found is None:
        raise ValueError(f"the form of the query was not checked: {text}")
    whole = re.sub(
        r"\{\s*VALUES \?pattern \{ UNDEF \}\s*\}", lambda _: found["pattern"], query_text(counting)
    )
    return f"{found['prologue']}\n{whole}"
