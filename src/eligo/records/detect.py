"""Tell FHIR JSON from RDF."""

from __future__ import annotations

import re

JSON_LD_KEY = re.compile(rb'"@(?:context|graph|id|type)"\s*:')
FHIR_KEY = re.compile(rb'"resourceType"\s*:')


def looks_like_fhir(data: bytes) -> bool:
    """Whether data are JSON that is not JSON-LD; such JSON is read as FHIR."""
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in (b"{", b"["):
        return False
    return bool(FHIR_KEY.search(data)) or not JSON_LD_KEY.search(data)
