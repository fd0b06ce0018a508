"""How two trials compare, as JSON and as RDF with provenance."""

from __future__ import annotations

import hashlib
from typing import Any

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, OWL, PROV, RDF, RDFS, XSD
from rdflib.term import Node

from eligo.compare import (
    Compared,
    Containment,
    Defect,
    How,
    Inside,
    Item,
    Pair,
    Relation,
    Remark,
    Side,
)
from eligo.compare.words import sentence
from eligo.report.rdf import SOFTWARE
from eligo.vocabulary.terms import ELIG

COMPARISON = "urn:eligo:comparison:"
FILE = "urn:eligo:trial-file:"
RELATIONS = {
    Relation.EQUAL: (ELIG.Equal, ELIG.equalTo),
    Relation.NARROWER: (ELIG.Narrower, ELIG.narrowerThan),
    Relation.WIDER: (ELIG.Wider, ELIG.widerThan),
    Relation.DISJOINT: (ELIG.Disjoint, ELIG.disjointFrom),
    Relation.INCOMPARABLE: (ELIG.Incomparable, None),
}
CONTAINMENTS = {
    Inside.YES: ELIG.Inside,
    Inside.AS_FORMALISED: ELIG.InsideAsFormalised,
    Inside.NOT_PROVED: ELIG.NotProved,
}
DEFECTS = {
    Defect.UNSATISFIABLE: ELIG.Unsatisfiable,
    Defect.ALWAYS: ELIG.AlwaysTrue,
    Defect.CONTRADICTION: ELIG.Contradictory,
    Defect.DEAD_ALTERNATIVE: ELIG.ExcludedAlternative,
    Defect.REDUNDANT: ELIG.Redundant,
    Defect.NOBODY: ELIG.NobodyCanJoin,
}
AS_THEY_STAND = (How.INCLUSIONS, How.EXCLUSIONS)


def without_counterpart(compared: Compared, side: Side) -> list[Item]:
    """Return the criteria of a trial of which the other has nothing to compare.

    Args:
        compared: The comparison.
        side: One of its trials.
    """
    of = compared.comparison.of
    return [i for i in side.items if i.formalised and not i.asks_nothing and not of(i)]


def comparison_data(compared: Compared) -> dict[str, Any]:
    """Return how two trials compare as plain data.

    Args:
        compared: The comparison and what it was made from.
    """
    comparison = compared.comparison
    sides = (comparison.first, comparison.second)
    return {
        "trials": [
            {
                "trial": side.identifier,
                "file": source.path,
                "sha256": source.sha256,
                "digest": source.digest,
                "notFormalised": [i.notation for i in side.items if not i.formalised],
                "partlyFormalised": [
                    i.notation for i in side.items if i.formalised and not i.whole
                ],
                "withoutCounterpart": [i.notation for i in without_counterpart(compared, side)],
                "remarks": [_remark(remark) for remark in remarks],
            }
            for side, source, remarks in zip(
                sides, compared.sources, comparison.remarks, strict=True
            )
        ],
        "criteria": [
            {
                "first": pair.first.notation,
                "relation": str(pair.relation),
                "second": pair.second.notation,
                "comparedAs": str(pair.how),
            }
            for pair in comparison.pairs
        ],
        "populations": {
            "firstInsideSecond": _containment(comparison.first_inside),
            "secondInsideFirst": _containment(comparison.second_inside),
            "disjoint": comparison.apart,
        },
        "provenance": {
            "eligo": compared.version,
            "reasoner": compared.reasoner,
            "at": compared.at.isoformat(),
            "questions": compared.questions,
        },
    }


def _remark(remark: Remark) -> dict[str, Any]:
    return {
        "criterion": None if remark.item is None else remark.item.notation,
        "defect": str(remark.defect),
        "comesFrom": [item.notation for item in remark.others],
        "text": sentence(remark),
    }


def _containment(found: Containment) -> dict[str, Any]:
    return {"answer": str(found.inside), "notShown": [item.notation for item in found.open]}


def comparison_graph(compared: Compared) -> Graph:
    """Return how two trials compare as RDF.

    Args:
        compared: The comparison and what it was made from.
    """
    writer = _Writer(compared)
    writer.write()
    return writer.graph


class _Writer:
    def __init__(self, compared: Compared) -> None:
        self.compared = compared
        self.graph = Graph(bind_namespaces="none")
        parts = (*(source.digest for source in compared.sources), compared.reasoner)
        digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:24]
        self.name = URIRef(COMPARISON + digest)

    def write(self) -> None:
        comparison, name = self.compared.comparison, self.name
        first, second = comparison.first, comparison.second
        self._add(name, RDF.type, ELIG.Comparison)
        self._add(name, ELIG.firstTrial, first.name)
        self._add(name, ELIG.secondTrial, second.name)
        self._provenance()
        for inside, found in (
            (ELIG.firstInside, comparison.first_inside),
            (ELIG.secondInside, comparison.second_inside),
        ):
            self._add(name, inside, CONTAINMENTS[found.inside])
            for item in found.open:
                self._add(name, ELIG.notProvedOf, item.name)
        self._add(name, ELIG.populationsDisjoint, Literal(comparison.apart))
        for side in (first, second):
            for item in side.items:
                if not item.whole:
                    self._add(name, ELIG.leavesOut, item.name)
            for item in without_counterpart(self.compared, side):
                self._add(name, ELIG.withoutCounterpart, item.name)
        for number, pair in enumerate(comparison.pairs, 1):
            self._pair(number, pair)
        remarks = [
            (side, remark)
            for side, found in zip((first, second), comparison.remarks, strict=True)
            for remark in found
        ]
        for number, (side, remark) in enumerate(remarks, 1):
            self._remark(number, side, remark)

    def _add(self, subject: Node, predicate: URIRef, value: Node) -> None:
        self.graph.add((subject, predicate, value))

    def _provenance(self) -> None:
        compared, name = self.compared, self.name
        for software, label, version in (
            (URIRef(SOFTWARE + compared.version), "Eligo", compared.version),
            (URIRef(f"{name}:reasoner"), compared.reasoner, None),
        ):
            self._add(name, PROV.wasAttributedTo, software)
            self._add(software, RDF.type, PROV.SoftwareAgent)
            self._add(software, RDFS.label, Literal(label))
            if version is not None:
                self._add(software, OWL.versionInfo, Literal(version))
        at = Literal(compared.at.isoformat(), datatype=XSD.dateTime)
        self._add(name, PROV.generatedAtTime, at)
        for source in compared.sources:
            file = URIRef(FILE + source.sha256)
            self._add(name, PROV.wasDerivedFrom, file)
            self._add(file, RDF.type, PROV.Entity)
            self._add(file, RDFS.label, Literal(source.path))
            self._add(file, ELIG.sourceSha256, Literal(source.sha256))
            self._add(file, DCTERMS.identifier, Literal(source.digest))

    def _pair(self, number: int, pair: Pair) -> None:
        name = URIRef(f"{self.name}:pair-{number}")
        relation, direct = RELATIONS[pair.relation]
        self._add(self.name, ELIG.hasComparedPair, name)
        self._add(name, RDF.type, ELIG.CriterionComparison)
        self._add(name, ELIG.firstCriterion, pair.first.name)
        self._add(name, ELIG.secondCriterion, pair.second.name)
        self._add(name, ELIG.relation, relation)
        self._add(name, ELIG.explanation, Literal(str(pair.how)))
        if direct is not None and pair.how in AS_THEY_STAND:
            self._add(pair.first.name, direct, pair.second.name)

    def _remark(self, number: int, side: Side, remark: Remark) -> None:
        name = URIRef(f"{self.name}:remark-{number}")
        self._add(self.name, ELIG.hasRemark, name)
        self._add(name, RDF.type, ELIG.CriteriaRemark)
        self._add(name, ELIG.defect, DEFECTS[remark.defect])
        about = side.name if remark.item is None else remark.item.name
        self._add(name, ELIG.ofCriterion if remark.item else ELIG.assesses, about)
        for other in remark.others:
            self._add(name, ELIG.comesFrom, other.name)
        self._add(name, ELIG.explanation, Literal(sentence(remark)))
