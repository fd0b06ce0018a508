"""Codes are compared as the derivation compares them."""

from __future__ import annotations

import re

from eligo.derive.run import SCRIPTS as DERIVATION
from eligo.store.lexicon import SCRIPTS

MACRO = re.compile(r"CREATE OR REPLACE MACRO code_key.*?;", re.DOTALL)


def test_the_macro_is_that_of_the_derivation() -> None:
    theirs = (DERIVATION / "10-normalise-concepts.sql").read_text(encoding="utf-8")
    ours = (SCRIPTS / "unmapped.sql").read_text(encoding="utf-8")
    assert MACRO.findall(ours) == MACRO.findall(theirs) != []
