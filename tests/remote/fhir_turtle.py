"""FHIR R4 JSON written as RDF by the rules of the specification: the form of R4, and that of R5.

R4: classes before element names, `fhir:value`, `fhir:index` for repeated elements, `fhir:link`.
R5: plain names, `fhir:v`, lists, types on what may be of several, resources as blank nodes unless
they have a URL; and the elements that R5 renamed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import pyoxigraph as ox

FHIR = "http://hl7.org/fhir/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XSD = "http://www.w3.org/2001/XMLSchema#"
BASE = "https://server.example/fhir/"
TYPE = ox.NamedNode(RDF + "type")
CONCEPTS = frozenset(
    [
        "code",
        "clinicalStatus",
        "verificationStatus",
        "severity",
        "vaccineCode",
        "medicationCodeableConcept",
        "reasonCode",
        "valueCodeableConcept",
        "route",
        "method",
        "site",
        "dataAbsentReason",
        "asNeededCodeableConcept",
        "manifestation",
        "substance",
        "category",
        "interpretation",
        "relationship",
        "conclusionCode",
        "itemCodeableConcept",
        "subjectState",
    ]
)
REFERENCES = frozenset(
    [
        "subject",
        "patient",
        "reasonReference",
        "medicationReference",
        "reportedReference",
        "focus",
        "encounter",
        "basedOn",
        "derivedFrom",
        "partOf",
        "request",
        "authorizingPrescription",
        "individual",
        "study",
        "consent",
        "result",
    ]
)
CHOICES = {
    "abatement": ("DateTime", "Age", "Period", "Range", "String"),
    "asNeeded": ("Boolean", "CodeableConcept"),
    "bounds": ("Period", "Duration", "Range"),
    "deceased": ("Boolean", "DateTime"),
    "dose": ("Quantity", "Range"),
    "effective": ("DateTime", "Period", "Instant", "Timing"),
    "occurence": ("DateTime", "Period"),
    "occurrence": ("DateTime", "String"),
    "onset": ("DateTime", "Age", "Period", "Range", "String"),
    "rate": ("Quantity", "Ratio", "Range"),
    "strength": ("Ratio", "Quantity"),
    "value": [
        "Quantity",
        "CodeableConcept",
        "String",
        "Boolean",
        "Integer",
        "Range",
        "Ratio",
        "SampledData",
        "Time",
        "DateTime",
        "Period",
        "Code",
    ],
}
PRIMITIVES = frozenset(["DateTime", "String", "Boolean", "Integer", "Time", "Instant", "Code"])
CHOICE = re.compile(
    "|".join(f"({name})({'|'.join(types)})" for name, types in CHOICES.items()), re.ASCII
)
URIS = frozenset(["system", "url", "reference"])


@dataclass
class Writer:
    """Writes resources as statements.

    Attributes:
        release: 4 or 5.
        quads: The statements so far.
        named: Relative reference or full URL → the node of the resource.
    """

    release: int
    quads: list[ox.Quad] = field(default_factory=list)
    named: dict[str, ox.NamedNode] = field(default_factory=dict)

    def document(self, document: Mapping[str, Any]) -> list[ox.Quad]:
        """Write a Bundle or a resource; what has no type is no resource and is left out."""
        if document["resourceType"] != "Bundle":
            self._resource(document, self._name(document, ""))
            return self.quads
        entries = [
            (entry["resource"], self._name(entry["resource"], entry.get("fullUrl", "")))
            for entry in document["entry"]
            if "resourceType" in entry.get("resource", {})
        ]
        for resource, node in entries:
            self._resource(resource, node)
        return self.quads

    def _name(self, resource: Mapping[str, Any], url: str) -> ox.NamedNode | ox.BlankNode:
        relative = f"{resource['resourceType']}/{resource.get('id', '')}"
        if not url and (self.release == 5 or "id" not in resource):
            return ox.BlankNode()
        place = f"{resource['resourceType']}/{quote(resource.get('id', ''), safe='')}"
        node = ox.NamedNode(url or BASE + place)
        self.named[relative] = self.named[str(url or relative)] = node
        return node

    def _resource(self, resource: Mapping[str, Any], node: ox.NamedNode | ox.BlankNode) -> None:
        kind = resource["resourceType"]
        self._say(node, TYPE, ox.NamedNode(FHIR + kind))
        self._say(node, ox.NamedNode(FHIR + "nodeRole"), ox.NamedNode(FHIR + "treeRoot"))
        for name, value in self._renamed(kind, resource).items():
            if name != "resourceType":
                self._member(node, kind, name, value)

    def _renamed(self, kind: str, resource: Mapping[str, Any]) -> dict[str, Any]:
        """Return the members under the names that the release has."""
        members = dict(resource)
        if self.release == 5 and kind in RENAMING:
            RENAMING[kind](members)
        return members

    def _member(self, node: Any, owner: str, name: str, value: Any) -> None:
        if name == "contained":
            self._contained(node, value)
            return
        predicate, kind = self._predicate(owner, name)
        if not isinstance(value, list):
            self._say(node, predicate, self._value(owner, name, value, kind))
        elif self.release == 4:
            for position, item in enumerate(value):
                held = self._value(owner, name, item, kind)
                self._say(node, predicate, held)
                self._say(held, ox.NamedNode(FHIR + "index"), _literal(position, name))
        elif value:
            items = [self._value(owner, name, item, kind) for item in value]
            self._say(node, predicate, self._list(items))

    def _contained(self, node: Any, resources: list[Any]) -> None:
        held = []
        for resource in resources:
            inner = ox.BlankNode()
            self._resource(resource, inner)
            held.append(inner)
        if self.release == 4:
            for inner in held:
                self._say(node, ox.NamedNode(FHIR + "DomainResource.contained"), inner)
        elif held:
            self._say(node, ox.NamedNode(FHIR + "contained"), self._list(held))

    def _predicate(self, owner: str, name: str) -> tuple[ox.NamedNode, str | None]:
        """Return the property of a member, and the type that R5 puts on what it holds."""
        found = CHOICE.fullmatch(name)
        if self.release == 4:
            if name in ("id", "meta"):
                owner = "Resource" if owner[0].isupper() and "." not in owner else "Element"
            elif name in ("extension", "modifierExtension"):
                owner = "DomainResource" if owner in KINDS else "Element"
            return ox.NamedNode(f"{FHIR}{owner}.{name}"), None
        if found and owner != "Extension":
            plain, suffix = next(
                (found[i], found[i + 1]) for i in range(1, CHOICE.groups, 2) if found[i]
            )
            typed = suffix[0].lower() + suffix[1:] if suffix in PRIMITIVES else suffix
            return ox.NamedNode(FHIR + plain), typed
        if owner == "Extension" and name.startswith("value"):
            return ox.NamedNode(FHIR + "value"), name[5].lower() + name[6:]
        return ox.NamedNode(FHIR + name), None

    def _value(self, owner: str, name: str, value: Any, kind: str | None) -> ox.BlankNode:
        held = ox.BlankNode()
        if kind is not None:
            self._say(held, TYPE, ox.NamedNode(FHIR + kind))
        if not isinstance(value, dict):
            marker = "value" if self.release == 4 else "v"
            self._say(held, ox.NamedNode(FHIR + marker), _literal(value, name))
            return held
        inner = _class_of(owner, name)
        for member, item in value.items():
            self._member(held, inner, member, item)
        if inner == "Reference":
            self._link(held, value)
        return held

    def _link(self, held: ox.BlankNode, reference: Mapping[str, Any]) -> None:
        target = reference.get("reference")
        if not isinstance(target, str) or target.startswith("#"):
            return
        node = self.named.get(target.split("/_history/")[0])
        if node is not None:
            self._say(held, ox.NamedNode(FHIR + ("link" if self.release == 4 else "l")), node)

    def _list(self, items: list[ox.BlankNode]) -> ox.BlankNode | ox.NamedNode:
        rest: ox.BlankNode | ox.NamedNode = ox.NamedNode(RDF + "nil")
        for item in reversed(items):
            cell = ox.BlankNode()
            self._say(cell, ox.NamedNode(RDF + "first"), item)
            self._say(cell, ox.NamedNode(RDF + "rest"), rest)
            rest = cell
        return rest

    def _say(self, subject: Any, predicate: ox.NamedNode, value: Any) -> None:
        self.quads.append(ox.Quad(subject, predicate, value))


def _rename_procedure(members: dict[str, Any]) -> None:
    for kind in ("DateTime", "Period", "String"):
        if f"performed{kind}" in members:
            members[f"occurrence{kind}"] = members.pop(f"performed{kind}")


def _rename_administration(members: dict[str, Any]) -> None:
    _rename_drug(members)
    for kind in ("DateTime", "Period"):
        if f"effective{kind}" in members:
            members[f"occurence{kind}"] = members.pop(f"effective{kind}")


def _rename_medication(members: dict[str, Any]) -> None:
    if "ingredient" in members:
        members["ingredient"] = [_ingredient(item) for item in members["ingredient"]]


def _ingredient(ingredient: dict[str, Any]) -> dict[str, Any]:
    renamed = dict(ingredient)
    if "itemCodeableConcept" in renamed:
        renamed["item"] = {"concept": renamed.pop("itemCodeableConcept")}
    if "strength" in renamed:
        renamed["strengthRatio"] = renamed.pop("strength")
    return renamed


def _rename_subject(members: dict[str, Any]) -> None:
    """R5 keeps in `status` whether the resource is in use, and in `progress` how far it went."""
    members["subject"] = members.pop("individual")
    members["progress"] = [{"subjectState": {"coding": [{"code": members["status"]}]}}]
    members["status"] = "active"
    members["consent"] = [members["consent"]] if "consent" in members else []


def _rename_drug(members: dict[str, Any]) -> None:
    concept = members.pop("medicationCodeableConcept", None)
    reference = members.pop("medicationReference", None)
    if concept or reference:
        members["medication"] = {"concept": concept} if concept else {"reference": reference}
    codes, links = members.pop("reasonCode", []), members.pop("reasonReference", [])
    if codes or links:
        reasons = [{"concept": code} for code in codes]
        members["reason"] = reasons + [{"reference": link} for link in links]
    if "reportedBoolean" in members:
        members["reported"] = members.pop("reportedBoolean")
    for name in ("dosageInstruction", "dosage"):
        if isinstance(members.get(name), list):
            members[name] = [_dosage(item) for item in members[name]]


def _dosage(instruction: dict[str, Any]) -> dict[str, Any]:
    renamed = dict(instruction)
    if "asNeededCodeableConcept" in renamed:
        renamed["asNeededFor"] = [renamed.pop("asNeededCodeableConcept")]
        renamed["asNeeded"] = True
    return renamed


def _rename_allergy(members: dict[str, Any]) -> None:
    if "reaction" in members:
        members["reaction"] = [
            {**r, "manifestation": [{"concept": m} for m in r.get("manifestation", [])]}
            for r in members["reaction"]
        ]


RENAMING = {
    "AllergyIntolerance": _rename_allergy,
    "Medication": _rename_medication,
    "MedicationAdministration": _rename_administration,
    "MedicationDispense": _rename_drug,
    "MedicationRequest": _rename_drug,
    "MedicationStatement": _rename_drug,
    "Procedure": _rename_procedure,
    "ResearchSubject": _rename_subject,
}
KINDS = frozenset(
    [
        "AllergyIntolerance",
        "Condition",
        "Consent",
        "DiagnosticReport",
        "FamilyMemberHistory",
        "Immunization",
        "Medication",
        "MedicationAdministration",
        "MedicationDispense",
        "MedicationRequest",
        "MedicationStatement",
        "Observation",
        "Patient",
        "Procedure",
        "Encounter",
        "ResearchStudy",
        "ResearchSubject",
        "Specimen",
    ]
)


TYPES = {
    "MedicationStatement.dosage": "Dosage",
    "abatementAge": "Quantity",
    "denominator": "Quantity",
    "dosageInstruction": "Dosage",
    "dose": "Quantity",
    "high": "Quantity",
    "low": "Quantity",
    "maxDosePerPeriod": "Ratio",
    "meta": "Meta",
    "numerator": "Quantity",
    "onsetAge": "Quantity",
    "strength": "Ratio",
    "timing": "Timing",
}


def _class_of(owner: str, name: str) -> str:
    """Return the type of a member that is an object, as R4 writes it before element names."""
    if name in ("extension", "modifierExtension"):
        return "Extension"
    if name == "coding":
        return "Coding"
    if name in REFERENCES or (name == "reference" and owner.endswith(("medication", "reason"))):
        return "Reference"
    if name in CONCEPTS or name in ("concept", "asNeededFor"):
        return "CodeableConcept"
    for kind in ("Quantity", "Period", "Range", "Ratio", "Duration"):
        if name.endswith(kind):
            return kind
    return TYPES.get(f"{owner}.{name}") or TYPES.get(name, f"{owner}.{name}")


def _literal(value: Any, name: str) -> ox.Literal:
    if isinstance(value, bool):
        return ox.Literal("true" if value else "false", datatype=ox.NamedNode(XSD + "boolean"))
    if isinstance(value, int | Decimal):
        kind = "integer" if isinstance(value, int) else "decimal"
        return ox.Literal(
            format(value, "f") if kind == "decimal" else str(value),
            datatype=ox.NamedNode(XSD + kind),
        )
    text = str(value)
    if name in URIS:
        return ox.Literal(text, datatype=ox.NamedNode(XSD + "anyURI"))
    for pattern, kind in DATES:
        if pattern.fullmatch(text) and name in DATED:
            return ox.Literal(text, datatype=ox.NamedNode(XSD + kind))
    return ox.Literal(text)


DATES = tuple(
    (re.compile(pattern), kind)
    for pattern, kind in (
        (r"\d{4}", "gYear"),
        (r"\d{4}-\d{2}", "gYearMonth"),
        (r"\d{4}-\d{2}-\d{2}", "date"),
        (r"\d{4}-\d{2}-\d{2}T.+", "dateTime"),
    )
)
DATED = frozenset(
    [
        "birthDate",
        "deceasedDateTime",
        "onsetDateTime",
        "abatementDateTime",
        "effectiveDateTime",
        "effectiveInstant",
        "performedDateTime",
        "occurrenceDateTime",
        "authoredOn",
        "start",
        "end",
        "onset",
        "valueDateTime",
        "recordedDate",
        "issued",
        "date",
        "dateTime",
        "occurenceDateTime",
        "whenHandedOver",
        "whenPrepared",
    ]
)


def as_rdf(document: Mapping[str, Any], release: int) -> list[ox.Quad]:
    """Write a document as RDF of a FHIR release."""
    return Writer(release).document(document)


def turtle(quads: Iterator[ox.Quad] | list[ox.Quad]) -> bytes:
    """Write statements as Turtle."""
    triples = [ox.Triple(q.subject, q.predicate, q.object) for q in quads]
    return ox.serialize(triples, format=ox.RdfFormat.TURTLE) or b""
