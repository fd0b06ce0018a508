"""Write into the pages what their blocks print and what is made from the ontology.

Run it with `PYTHONPATH=tests python -m docs.refresh [PAGE]...`, and read the difference before you
commit it.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from docs.generated import fill
from docs.pages import PAGES, name_of, run_page


def refresh(page: Path) -> bool:
    """Bring a page up to date; tell whether it changed."""
    before = page.read_text(encoding="utf-8")
    text = fill(before)
    with tempfile.TemporaryDirectory() as folder:
        ran = list(run_page(text, Path(folder)))
    for result in reversed(ran):
        if result.code != result.expected_code:
            sys.stderr.write(
                f"{name_of(page)}: exit {result.code}: {result.command}{result.errors}\n"
            )
        if result.shown is not None:
            text = text[: result.shown.start] + result.printed + text[result.shown.end :]
    if text != before:
        page.write_text(text, encoding="utf-8")
    return text != before


if __name__ == "__main__":
    chosen = [Path(name).resolve() for name in sys.argv[1:]] or list(PAGES)
    for path in chosen:
        if refresh(path):
            sys.stderr.write(f"{name_of(path)} changed\n")
