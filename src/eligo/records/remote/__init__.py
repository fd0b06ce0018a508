"""Patient records from a SPARQL 1.1 endpoint, page by page."""

from eligo.records.remote.endpoint import Credentials, Endpoint
from eligo.records.remote.pages import read_pages

__all__ = ["Credentials", "Endpoint", "read_pages"]
