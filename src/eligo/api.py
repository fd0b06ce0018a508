"""The Python interface: `Trial.load("NCT06150651").screen(patients)`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from rdflib import Graph

from eligo.assess.model import Assessment
from eligo.derive.inputs import Run
from eligo.errors import InputError
from eligo.records.fhir import FhirMaps
from eligo.records.profile import OWN
from eligo.records.profiled import endpoint_pages, read_data, read_endpoint, read_files
from eligo.records.records import Records
from eligo.records.remote import Endpoint
from eligo.services.screen import Prepared, Screened, Screener
from eligo.trial.model import Criterion, Policy
from eligo.trial.read import choose_policy
from eligo.trial.trial import TrialModel, load_trial

__all__ = ["Endpoint", "Patients", "Screening", "Trial"]

Patients = Graph | str | Path | Sequence[str | Path] | Endpoint
"""Where patients are: a graph, files and folders, or an endpoint."""


@dataclass(frozen=True)
class Screening(Sequence[Assessment]):
    """The outcome of screening several patients.

    Attributes:
        assessments: One assessment a patient, in the order of their IRIs.
        failures: Sources that could not be read, with the reason.
        notes: What of the sources was left out, and why.
        unmapped: Codes that no concept lists, with how many facts carry each.
    """

    assessments: tuple[Assessment, ...]
    failures: tuple[InputError, ...]
    notes: tuple[str, ...]
    unmapped: dict[str, int]

    def __getitem__(self, index):  # type: ignore[no-untyped-def]
        """Return an assessment by position, or the one of a patient by IRI."""
        if isinstance(index, str):
            for assessment in self.assessments:
                if assessment.patient == index:
                    return assessment
            raise KeyError(index)
        return self.assessments[index]

    def __len__(self) -> int:
        return len(self.assessments)

    def __add__(self, other: Screening) -> Screening:
        """Return both screenings as one."""
        counts = Counter(self.unmapped) + Counter(other.unmapped)
        return Screening(
            self.assessments + other.assessments,
            self.failures + other.failures,
            self.notes + other.notes,
            dict(sorted(counts.items(), key=lambda item: (-item[1], item[0]))),
        )


@dataclass(frozen=True)
class Trial:
    """A trial that patients can be screened for.

    Attributes:
        model: Its record, criteria and rules.
    """

    model: TrialModel

    @staticmethod
    def load(name: str, *, mappings: Sequence[str | Path] = ()) -> Trial:
        """Load a trial by registry number, or from the path of its Turtle file.

        Args:
            name: Registry number or path.
            mappings: Folders with code mappings of your own (Turtle).

        Raises:
            UsageError: There is no such trial or folder; the message lists the trials there are.
            EligoError: A file of the ontology or a mapping is malformed.
        """
        return Trial(load_trial(name, [str(folder) for folder in mappings]))

    @property
    def identifier(self) -> str:
        """Registry number."""
        return self.model.identifier

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """Top-level criteria in the record's order, inclusions first."""
        return self.model.criteria

    @property
    def policies(self) -> dict[str, Policy]:
        """Evidence policies by the name they are chosen by."""
        return self.model.policies

    @property
    def shapes(self) -> str:
        """The compiled SHACL shapes as Turtle."""
        return self.model.shapes_text

    @cached_property
    def screener(self) -> Screener:
        """The prepared screening service."""
        return Screener.of(self.model)

    @cached_property
    def maps(self) -> FhirMaps:
        """Value maps by which FHIR is read."""
        return FhirMaps.of(self.model.ontology)

    def read(
        self, patients: Patients, *, profile: str = OWN, only: Collection[str] = ()
    ) -> Records:
        """Read patient data: an rdflib graph; files, folders, OMOP databases, `-`; an endpoint.

        Sources that cannot be read are listed in the result, not raised.

        Args:
            patients: The data.
            profile: Name or folder of the profile that reads RDF files; an endpoint has its own.
            only: IRIs of the patients that are asked for, none is all: of an OMOP database, the
                others are not read.

        Raises:
            UsageError: There is no such profile.
        """
        if isinstance(patients, Endpoint):
            return read_endpoint(patients)
        if isinstance(patients, Graph):
            data = patients.serialize(format="nt", encoding="utf-8")
            return read_data(data, "graph.nt", self.maps, profile)
        paths = [patients] if isinstance(patients, str | Path) else list(patients)
        return read_files([str(path) for path in paths], self.maps, profile, only)

    def pages(self, endpoint: Endpoint) -> Iterator[Records]:
        """Read an endpoint page by page, so that one page is held at a time.

        Raises:
            UsageError: There is no such profile, or it reads files only.
        """
        return endpoint_pages(endpoint)

    def prepare(
        self,
        records: Records,
        *,
        screening_date: date | None = None,
        evaluation_date: date | None = None,
        enrolment_date: date | None = None,
        intervention_date: date | None = None,
        force_dates: bool = False,
        policy: str = "default",
    ) -> Prepared:
        """Derive what the criteria need; the result screens patients one by one.

        Args:
            records: Patient data.
            screening_date: For patients whose record states none; default today.
            evaluation_date: Likewise; default the screening date.
            enrolment_date: Likewise; default the screening date.
            intervention_date: Likewise; default not known.
            force_dates: Let these dates replace those that records state.
            policy: Name of the evidence policy.

        Raises:
            UsageError: There is no such policy.
            EngineError: An engine failed.
        """
        run = Run(
            screening_date or date.today(),
            evaluation_date,
            enrolment_date,
            intervention_date,
            force_dates,
        )
        chosen = choose_policy(self.model.policies, policy)
        return self.screener.prepare(records, run, chosen)

    def stream(
        self,
        records: Records,
        *,
        screening_date: date | None = None,
        evaluation_date: date | None = None,
        enrolment_date: date | None = None,
        intervention_date: date | None = None,
        force_dates: bool = False,
        policy: str = "default",
    ) -> Iterator[Screened]:
        """Screen patients one by one, with the enriched graph of each; see `prepare`."""
        return self.prepare(
            records,
            screening_date=screening_date,
            evaluation_date=evaluation_date,
            enrolment_date=enrolment_date,
            intervention_date=intervention_date,
            force_dates=force_dates,
            policy=policy,
        ).screen()

    def screen(
        self,
        patients: Patients,
        *,
        profile: str = OWN,
        screening_date: date | None = None,
        evaluation_date: date | None = None,
        enrolment_date: date | None = None,
        intervention_date: date | None = None,
        force_dates: bool = False,
        policy: str = "default",
    ) -> Screening:
        """Screen patients and return all assessments; see `read` and `prepare` for the arguments.

        An endpoint is read and screened page by page.
        """
        pages = (
            self.pages(patients)
            if isinstance(patients, Endpoint)
            else iter([self.read(patients, profile=profile)])
        )
        whole = Screening((), (), (), {})
        for records in pages:
            prepared = self.prepare(
                records,
                screening_date=screening_date,
                evaluation_date=evaluation_date,
                enrolment_date=enrolment_date,
                intervention_date=intervention_date,
                force_dates=force_dates,
                policy=policy,
            )
            whole += Screening(
                tuple(item.assessment for item in prepared.screen()),
                tuple(records.failures),
                tuple(records.notes),
                prepared.unmapped,
            )
        return whole
