"""Profiles: folders of queries that say how a vocabulary is read as patient records."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from eligo.errors import InputError, UsageError
from eligo.resources import root

OWN = "eligo"
# Strings, IRIs and comments, which may hold any word.
OPAQUE = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""|\'\'\'(?:[^\'\\]|\\.|\'(?!\'\'))*\'\'\''
    r'|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|<[^<>"{}|^`\\\s]*>|#[^\n]*'
)
PLACE = re.compile(r"error at (\d+):(\d+)")


@dataclass(frozen=True)
class Profile:
    """How one vocabulary is read.

    Attributes:
        name: What it is called.
        patients: SELECT of the patients of an endpoint, with the place `VALUES ?after { … }`.
        record: CONSTRUCT of what an endpoint says about the patients in `VALUES ?patient { … }`.
        astray: CONSTRUCT of facts that hang on no patient of an endpoint; may be absent.
        prepare: Run one after the other over what was read; each sees what the ones before gave.
        map: Run over all of that; what they construct is the record. None: it was one as read.
        knowledge: What the profile's own Turtle files say.
    """

    name: str
    patients: Query | None
    record: Query | None
    astray: Query | None
    prepare: tuple[Query, ...]
    map: tuple[Query, ...]
    knowledge: tuple[ox.Quad, ...]

    def records(self, quads: Iterable[ox.Quad], knowledge: Iterable[ox.Quad] = ()) -> list[ox.Quad]:
        """Turn what was read into the patient vocabulary; blank nodes are not named yet.

        Args:
            quads: What was read.
            knowledge: What the queries may look up beside it: the ontology and value maps.
        """
        if not self.map:
            return list(quads)
        store = ox.Store()
        store.bulk_extend(ox.Quad(q.subject, q.predicate, q.object) for q in quads)
        store.bulk_extend(ox.Quad(q.subject, q.predicate, q.object) for q in knowledge)
        store.bulk_extend(ox.Quad(q.subject, q.predicate, q.object) for q in self.knowledge)
        for query in self.prepare:
            store.bulk_extend(query.construct(store))
        return [quad for query in self.map for quad in query.construct(store)]


@dataclass(frozen=True)
class Query:
    """A query of a profile.

    Attributes:
        path: Its file.
        text: Its text.
    """

    path: Path
    text: str

    @staticmethod
    def read(path: Path, *, constructs: bool = True) -> Query:
        """Read a query and make sure that it is one of the expected form.

        Raises:
            InputError: It cannot be read, is malformed, of another form, or calls another server.
        """
        try:
            query = Query(path, path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(
                f"cannot be read ({error}); check the file", source=str(path)
            ) from error
        if re.search(r"\bSERVICE\b", OPAQUE.sub(" ", query.text), re.IGNORECASE):
            query.refuse("SERVICE is not allowed: a profile asks the one endpoint only")
        try:
            answer = ox.Store().query(query.text)
        except SyntaxError as error:
            place = PLACE.search(str(error))
            line, column = (int(n) for n in place.groups()) if place else (None, None)
            raise InputError(
                "not a SPARQL query; correct it there", source=str(path), line=line, column=column
            ) from error
        if not isinstance(answer, ox.QueryTriples if constructs else ox.QuerySolutions):
            query.refuse(f"write a {'CONSTRUCT' if constructs else 'SELECT'} query")
        return query

    def refuse(self, reason: str) -> None:
        """Say what is wrong with the query.

        Raises:
            InputError: Always.
        """
        raise InputError(reason, source=str(self.path))

    def construct(self, store: ox.Store) -> list[ox.Quad]:
        """Run it over a store; nodes of different queries never get one label."""
        answer = store.query(self.text, use_default_graph_as_union=True)
        if not isinstance(answer, ox.QueryTriples):
            self.refuse("write a CONSTRUCT query")
        return [ox.Quad(t.subject, t.predicate, t.object) for t in answer]  # type: ignore[union-attr]


def load_profile(name: str) -> Profile:
    """Load a profile that comes with Eligo, or the one in a folder.

    Raises:
        UsageError: There is no such profile or folder, or the folder holds none.
        InputError: One of its files is malformed.
    """
    folder = _folder(name)
    patients = _optional(folder / "patients.rq", constructs=False)
    record = _optional(folder / "record.rq")
    if patients is not None:
        _check_place(patients, "after")
    if record is not None:
        _check_place(record, "patient")
    profile = Profile(
        name=folder.name,
        patients=patients,
        record=record,
        astray=_optional(folder / "astray.rq"),
        prepare=tuple(Query.read(path) for path in sorted(folder.glob("prepare/*.rq"))),
        map=tuple(Query.read(path) for path in sorted(folder.glob("map/*.rq"))),
        knowledge=tuple(quad for path in sorted(folder.glob("*.ttl")) for quad in _turtle(path)),
    )
    if not (profile.map or profile.record):
        raise UsageError(
            f"{folder} is no profile: it needs map/*.rq to read files, patients.rq and record.rq "
            "to read endpoints"
        )
    return profile


def _folder(name: str) -> Path:
    own = root() / "queries" / "profiles"
    known = {path.name: path for path in sorted(own.iterdir()) if path.is_dir()}
    if name in known:
        return known[name]
    if Path(name).is_dir():
        return Path(name).resolve()
    raise UsageError(f"no profile {name!r}: give {', '.join(known)} or the folder of your own")


def _optional(path: Path, *, constructs: bool = True) -> Query | None:
    return Query.read(path, constructs=constructs) if path.is_file() else None


def _check_place(query: Query, name: str) -> None:
    if not place_of(name).search(query.text):
        query.refuse(f"has no place for values: write VALUES ?{name} {{ … }}")


def place_of(name: str) -> re.Pattern[str]:
    """Return what finds the places of a query where values are put in."""
    return re.compile(rf"(VALUES\s+\?{name}\s*\{{)[^}}]*\}}")


def _turtle(path: Path) -> list[ox.Quad]:
    try:
        return list(
            ox.parse(path.read_bytes(), format=ox.RdfFormat.TURTLE, rename_blank_nodes=True)
        )
    except SyntaxError as error:
        raise InputError(
            f"not valid Turtle: {error.msg}", source=str(path), line=error.lineno
        ) from error
