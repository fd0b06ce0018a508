"""Orders, statements, administrations and dispenses of a drug → uses of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import NamedNode, Triple

from eligo.records.fhir import terms
from eligo.records.fhir.access import child, children, flag, text
from eligo.records.fhir.coded import code_value, codings, is_listed
from eligo.records.fhir.document import JsonObject
from eligo.records.fhir.dosage import Instruction
from eligo.records.fhir.drug import Drug, drug_of
from eligo.records.fhir.fact import Fact, Scope, mint
from eligo.records.fhir.outcome import PassedOverError, Statement

_USES = frozenset(
    {"MedicationAdministration", "MedicationDispense", "MedicationRequest", "MedicationStatement"}
)


def read_medication_request(resource: JsonObject, scope: Scope) -> Iterator[Statement]:
    """Say which drug was ordered, planned, taken or not given.

    The order's date is the start unless the dosage states one. No end is stated unless the dosage
    does: a stopped or completed order ended on some unknown day.

    Args:
        resource: A FHIR MedicationRequest.
        scope: Its surroundings.

    Raises:
        PassedOverError: The code says that no medication is known.
        RefusalError: It has no status or intent of FHIR R4, or its medication is nowhere to be
            found.
    """
    use = _Use.of(resource, scope, terms.ORDER, _order_status(resource, scope))
    yield from use.as_instructed("dosageInstruction", "authoredOn")


def read_medication_dispense(resource: JsonObject, scope: Scope) -> Iterator[Statement]:
    """Say which drug was handed over.

    Args:
        resource: A FHIR MedicationDispense.
        scope: Its surroundings.

    Raises:
        PassedOverError: The code says that no medication is known.
        RefusalError: It has no status of FHIR R4, or its medication is nowhere to be found.
    """
    use = _Use.of(
        resource, scope, terms.DISPENSE, _status(resource, scope), ("authorizingPrescription",)
    )
    yield from use.as_instructed("dosageInstruction", "whenHandedOver", "whenPrepared")


def read_medication_statement(resource: JsonObject, scope: Scope) -> Iterator[Statement]:
    """Say which drug somebody reports to be, to have been or not to be taken.

    A single date says that the drug was taken then, not since when: no start is stated.

    Args:
        resource: A FHIR MedicationStatement.
        scope: Its surroundings.

    Raises:
        PassedOverError: The code says that no medication is known.
        RefusalError: It has no status of FHIR R4, or its medication is nowhere to be found.
    """
    use = _Use.of(
        resource,
        scope,
        terms.STATEMENT,
        _status(resource, scope),
        ("basedOn", "derivedFrom", "partOf"),
    )
    yield from use.as_instructed("dosage")


def read_medication_administration(resource: JsonObject, scope: Scope) -> Iterator[Statement]:
    """Say which drug was given, or not given, and when.

    Args:
        resource: A FHIR MedicationAdministration.
        scope: Its surroundings.

    Raises:
        PassedOverError: The code says that no medication is known.
        RefusalError: It has no status of FHIR R4, or its medication is nowhere to be found.
    """
    use = _Use.of(resource, scope, terms.ADMINISTRATION, _status(resource, scope), ("request",))
    fact = scope.fact()
    yield from use.head(fact)
    given = child(resource, "dosage")
    if given is not None:
        yield from Instruction(fact, given, "dosage", use.drug.strength).say_given()
    for end in (terms.START_DATE, terms.END_DATE):
        yield from fact.date(end, resource, "effectiveDateTime")
    yield from _effective_period(fact, resource)
    yield from use.indication(fact)


@dataclass(frozen=True)
class _Use:
    """What the four resources have in common."""

    resource: JsonObject
    scope: Scope
    kind: NamedNode
    status: NamedNode | None
    links: tuple[str, ...]
    drug: Drug

    @classmethod
    def of(
        cls,
        resource: JsonObject,
        scope: Scope,
        kind: NamedNode,
        status: NamedNode | None,
        links: tuple[str, ...] = (),
    ) -> _Use:
        drug = drug_of(resource, scope)
        if is_listed(scope.maps, drug.concept, "Medication.code"):
            raise PassedOverError("its code says that there is nothing to record")
        return cls(resource, scope, kind, status, links, drug)

    def head(self, fact: Fact) -> Iterator[Statement]:
        """Say the drug, its status, how it was recorded and what it carries out."""
        yield from fact.declare(terms.HAS_MEDICATION_USE, terms.MEDICATION_USE)
        yield from codings(fact, terms.CODE, self.drug.concept)
        yield from fact.value(terms.EVENT_STATUS, self.status)
        yield from fact.value(terms.RECORDED_AS, self.kind)
        for name in self.links:
            yield from self._link(fact, name)

    def _link(self, fact: Fact, name: str) -> Iterator[Statement]:
        single = isinstance(self.resource.get(name), dict)
        target = child(self.resource, name) if single else None
        for reference in (target,) if target else children(self.resource, name):
            found = self.scope.index.resolve(reference, self.resource)
            if found is not None and found.resource_type in _USES and found.id:
                parts = (self.scope.patient_id, found.resource_type, found.id)
                yield Triple(fact.node, terms.BASED_ON, mint(fact.maps, *parts))

    def as_instructed(self, element: str, *dates: str) -> Iterator[Statement]:
        """Say a use for each dosage instruction, if they can be told apart, else one without.

        Args:
            element: Name of the element that holds the instructions.
            dates: Elements that date the beginning, the best first.
        """
        instructions = children(self.resource, element)
        told = len(instructions) <= 1 or _concurrent(instructions) or _placed(instructions)
        for position, content in enumerate(instructions if told else ()):
            fact = self.scope.fact(element, position) if position else self.scope.fact()
            yield from self._instructed(fact, element, content, dates)
        if not instructions or not told:
            fact = self.scope.fact()
            yield from self._instructed(fact, element, {}, dates)
            if not told:
                count = len(instructions)
                reason = f"{count} instructions need one sequence number or a period each"
                yield from fact.left_out(element, reason)

    def _instructed(
        self, fact: Fact, element: str, content: JsonObject, dates: tuple[str, ...]
    ) -> Iterator[Statement]:
        yield from self.head(fact)
        start = next((name for name in dates if text(self.resource, name)), None)
        first = None if start is None else text(self.resource, start)
        instruction = Instruction(fact, content, element, self.drug.strength, first)
        yield from instruction.say()
        bounds = tuple(instruction.say_bounds())
        yield from bounds
        if not bounds:
            if start is not None:
                yield from fact.date(terms.START_DATE, self.resource, start)
            yield from _effective_period(fact, self.resource)
            if self.resource.get("effectiveDateTime") is not None and start is None:
                reason = "it says that the drug was taken then, not since when"
                yield from fact.left_out("effectiveDateTime", reason)
        yield from self.indication(fact)

    def indication(self, fact: Fact) -> Iterator[Statement]:
        """Say what the drug is for, if the resource names one reason."""
        reasons = [*children(self.resource, "reasonCode")]
        for reference in children(self.resource, "reasonReference"):
            found = self.scope.index.resolve(reference, self.resource)
            reasons.append((child(found.content, "code") if found else None) or {})
        named = [reason for reason in reasons if reason]
        if len(reasons) == 1 and named:
            yield from codings(fact, terms.INDICATION, named[0])
        elif reasons:
            yield from fact.left_out("reason", "one reason that the document holds is needed")


def _status(resource: JsonObject, scope: Scope) -> NamedNode | None:
    """Return the status of the resource itself."""
    element = f"{scope.resource_type}.status"
    return code_value(scope.maps, resource, "status", element, required=True)


def _order_status(resource: JsonObject, scope: Scope) -> NamedNode | None:
    """Return the status of the use.

    An order that must not be carried out is not done. An intent that is no order makes a plan of
    it, unless somebody reports that the drug is taken: US Core writes so what patients take by
    themselves.
    """
    status = _status(resource, scope)
    intent = code_value(scope.maps, resource, "intent", "MedicationRequest.intent", required=True)
    if status in (terms.ENTERED_IN_ERROR, terms.NOT_DONE):
        return status
    if flag(resource, "doNotPerform"):
        return terms.NOT_DONE
    reported = flag(resource, "reportedBoolean") or resource.get("reportedReference") is not None
    return status if intent is None or reported else intent


def _concurrent(instructions: tuple[JsonObject, ...]) -> bool:
    """Tell whether instructions hold together: FHIR gives them one sequence number then."""
    numbers = [instruction.get("sequence") for instruction in instructions]
    return numbers[0] is not None and all(number == numbers[0] for number in numbers)


def _placed(instructions: tuple[JsonObject, ...]) -> bool:
    """Tell whether each instruction says from when it holds, and all but one until when."""
    ends = []
    for instruction in instructions:
        repeat = child(child(instruction, "timing") or {}, "repeat") or {}
        period = child(repeat, "boundsPeriod") or {}
        if text(period, "start") is None:
            return False
        ends.append(text(period, "end"))
    return ends.count(None) <= 1


def _effective_period(fact: Fact, resource: JsonObject) -> Iterator[Statement]:
    period = child(resource, "effectivePeriod")
    if period is not None:
        yield from fact.date(terms.START_DATE, period, "start")
        yield from fact.date(terms.END_DATE, period, "end")
