"""The ontology folder as a library: which file holds which ontology, so that imports stay local.

`catalog-v001.xml` is the OASIS catalogue that Protégé reads; `eligo.ttl` imports every file that is
neither a trial nor an alignment. Run `python -m eligo.vocabulary.catalog` after adding a file. With
`--check` nothing is written and the exit status is 1 if one of the two is out of date.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree
from xml.sax.saxutils import quoteattr

from rdflib import URIRef
from rdflib.namespace import DCTERMS, OWL, RDF

from eligo.errors import InputError, ModelError
from eligo.vocabulary.ontology import PREFIXES, parse_turtle

ONTOLOGY = Path(__file__).parents[3] / "ontology"
CATALOG = "catalog-v001.xml"
ROOT = "core.ttl"
WHOLE = "eligo.ttl"
OPTIONAL = ("trials", "alignments")
NAMESPACE = "urn:oasis:names:tc:entity:xmlns:xml:catalog"
WHOLE_TEXT = """\
{prefixes}

<{iri}> a owl:Ontology ;
    rdfs:label "Eligo"@en ;
    dcterms:description "{description}"@en ;
    dcterms:license <{license}> ;
    owl:imports {imports} ;
    owl:versionIRI <{iri}/{version}> .
"""
DESCRIPTION = (
    "The whole vocabulary in one import: terms, concepts, units, measures, scores and importers. "
    "Trials and alignments are imported one by one."
)


@dataclass(frozen=True, slots=True)
class Header:
    """What an ontology file says about itself.

    Attributes:
        iri: IRI of the ontology.
        imports: IRIs of the ontologies it imports, sorted.
        version: IRI of the version, if it has one.
        license: IRI of the licence, if it has one.
    """

    iri: URIRef
    imports: tuple[URIRef, ...]
    version: URIRef | None
    license: URIRef | None


def read_header(path: Path) -> Header:
    """Return what an ontology file says about itself.

    Raises:
        InputError: The file cannot be read.
        ModelError: The file does not declare exactly one ontology.
    """
    triples, _ = parse_turtle(path)
    names = {s for s, p, o in triples if p == RDF.type and o == OWL.Ontology}
    if len(names) != 1:
        raise ModelError(f"{path}: declare exactly one owl:Ontology, found {len(names)}")
    (name,) = names

    def values(predicate: URIRef) -> list[URIRef]:
        return sorted(URIRef(str(o)) for s, p, o in triples if s == name and p == predicate)

    return Header(
        iri=URIRef(str(name)),
        imports=tuple(values(OWL.imports)),
        version=next(iter(values(OWL.versionIRI)), None),
        license=next(iter(values(DCTERMS.license)), None),
    )


def read_catalog(directory: Path) -> dict[URIRef, Path]:
    """Return the file of every ontology that the catalogue of a folder lists.

    Args:
        directory: The folder that holds `catalog-v001.xml`.

    Raises:
        InputError: The catalogue is missing or is not XML.
    """
    path = directory / CATALOG
    try:
        root = ElementTree.parse(path).getroot()
    except (OSError, ElementTree.ParseError) as error:
        raise InputError(
            f"cannot be read as an XML catalogue: {error}", source=str(path)
        ) from error
    entries = root.iter(f"{{{NAMESPACE}}}uri")
    return {URIRef(e.attrib["name"]): directory / e.attrib["uri"] for e in entries}


def import_closure(path: Path, catalog: Mapping[URIRef, Path]) -> tuple[Path, ...]:
    """Return an ontology file and every file it imports, directly or not, each once.

    Raises:
        ModelError: An import is not in the catalogue; nothing is ever fetched from a network.
    """
    found = {path.resolve(): None}
    waiting = [path.resolve()]
    while waiting:
        current = waiting.pop()
        for target in read_header(current).imports:
            if target not in catalog:
                raise ModelError(f"{current}: imports <{target}>, which {CATALOG} does not list")
            imported = catalog[target].resolve()
            if imported not in found:
                found[imported] = None
                waiting.append(imported)
    return tuple(found)


def render_catalog(directory: Path) -> str:
    """Return the text of the catalogue of every Turtle file in a folder."""
    paths = sorted(p for p in directory.rglob("*.ttl") if p != directory / WHOLE)
    entries = {p.relative_to(directory).as_posix(): read_header(p).iri for p in paths}
    entries[WHOLE] = _whole_iri(directory)
    lines = [
        f"    <uri name={quoteattr(iri)} uri={quoteattr(file)}/>"
        for file, iri in sorted(entries.items())
    ]
    head = '<?xml version="1.0" encoding="UTF-8" standalone="no"?>'
    body = "\n".join(lines)
    return f'{head}\n<catalog prefer="public" xmlns="{NAMESPACE}">\n{body}\n</catalog>\n'


def render_whole(directory: Path) -> str:
    """Return the text of the ontology that imports every file but trials and alignments."""
    paths = [p for p in sorted(directory.rglob("*.ttl")) if p != directory / WHOLE]
    parts = [p for p in paths if p.relative_to(directory).parts[0] not in OPTIONAL]
    imports = sorted(read_header(part).iri for part in parts)
    core = read_header(directory / ROOT)
    if core.version is None or core.license is None:
        raise ModelError(f"{directory / ROOT}: give it an owl:versionIRI and a dcterms:license")
    return WHOLE_TEXT.format(
        prefixes="\n".join(f"@prefix {p}: <{PREFIXES[p]}> ." for p in ("dcterms", "owl", "rdfs")),
        iri=_whole_iri(directory),
        description=DESCRIPTION,
        license=core.license,
        imports=",\n        ".join(f"<{iri}>" for iri in imports),
        version=core.version.rpartition("/")[2],
    )


def _whole_iri(directory: Path) -> URIRef:
    core = read_header(directory / ROOT).iri
    return URIRef(core.rpartition("/")[0] + "/" + WHOLE.removesuffix(".ttl"))


def main(arguments: Sequence[str] | None = None) -> int:
    """Write both files, or with `--check` compare them; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare only, write nothing")
    parser.add_argument("--ontology", type=Path, default=ONTOLOGY, help="the folder ontology/")
    options = parser.parse_args(arguments)
    directory: Path = options.ontology
    texts = {
        directory / WHOLE: render_whole(directory),
        directory / CATALOG: render_catalog(directory),
    }
    stale = [p for p, text in texts.items() if not p.exists() or p.read_text("utf-8") != text]
    for path in stale:
        if options.check:
            print(f"{path} is out of date: run python -m eligo.vocabulary.catalog")
        else:
            path.write_text(texts[path], encoding="utf-8")
    return 1 if options.check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
