"""From answers of an endpoint to terms and statements."""

from __future__ import annotations

import pyoxigraph as ox

from eligo.records.remote.http import Answer, Client, OverloadError

TABLE = "application/sparql-results+json"
GRAPH = "application/n-triples, text/turtle;q=0.9, application/rdf+xml;q=0.5"
TABLES = frozenset({TABLE, "application/json", "text/json"})
GRAPHS = {
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "text/plain": ox.RdfFormat.N_TRIPLES,
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/x-turtle": ox.RdfFormat.TURTLE,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
}
Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


def select(client: Client, query: str, variable: str) -> list[Term]:
    """Return the values of one variable, in the order of the rows.

    Raises:
        InputError: The endpoint failed, or answered with something else.
    """
    answer = client.ask(query, TABLE)
    if answer.media_type not in TABLES:
        client.fail(f"answers with {answer.media_type or 'nothing known'}, not with {TABLE}")
    try:
        found = ox.parse_query_results(answer.body, format=ox.QueryResultsFormat.JSON)
        if not isinstance(found, ox.QuerySolutions):
            client.fail(f"gives no table with ?{variable}")
        return [row[variable] for row in found if row[variable] is not None]
    except (SyntaxError, ValueError, KeyError, UnicodeDecodeError) as error:
        reason = " ".join(str(error).split())[:200]
        client.fail(f"gives results that are cut short or no SPARQL results in JSON ({reason})")


def count(client: Client, query: str) -> int:
    """Return the one number that a query counts.

    Raises:
        InputError: The endpoint failed, or answered with something else.
    """
    values = select(client, query, "count")
    if len(values) != 1 or not isinstance(values[0], ox.Literal) or not values[0].value.isdigit():
        client.fail("cannot count: one whole number was expected")
    return int(values[0].value)


def construct(client: Client, query: str) -> list[ox.Quad]:
    """Return the distinct statements that a query constructs.

    Raises:
        InputError: The endpoint failed, or answered with something else.
    """
    return list(dict.fromkeys(_parse(client, client.ask(query, GRAPH))))


def construct_whole(client: Client, query: str, counting: str) -> list[ox.Quad]:
    """Return what a query constructs, after comparing with the endpoint's own count.

    Many endpoints cap their answers without a word; an absent fact could then count as absent.

    Raises:
        OverloadError: There are fewer statements than the endpoint counts.
        InputError: The endpoint failed, or answered with something else.
    """
    statements = construct(client, query)
    expected = count(client, counting)
    if len(statements) < expected:
        raise OverloadError(
            f"gave {len(statements)} of {expected} statements: it cuts long answers short",
            source=client.endpoint.url,
        )
    return statements


def _parse(client: Client, answer: Answer) -> list[ox.Quad]:
    format_ = GRAPHS.get(answer.media_type)
    if format_ is None:
        client.fail(f"answers with {answer.media_type or 'nothing known'}, not with RDF")
    try:
        return list(ox.parse(answer.body, format=format_, base_iri=client.endpoint.url))
    except (SyntaxError, ValueError) as error:
        reason = " ".join(str(error).split())[:200]
        client.fail(f"gives RDF that is cut short or malformed ({reason})")
