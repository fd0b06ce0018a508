"""How two versions of a compiled file differ, in one line."""

from __future__ import annotations

import difflib


def difference(old: str, new: str) -> str:
    """Say how many lines differ and where the first one stands."""
    added = removed = 0
    first = 0
    matcher = difflib.SequenceMatcher(None, old.splitlines(), new.splitlines(), autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            continue
        first = first or i1 + 1
        removed += i2 - i1
        added += j2 - j1
    if not first:
        return "differs in its line endings"
    return f"differs from its source from line {first} on: {removed} lines go, {added} come"
