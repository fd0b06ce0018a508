"""The journal of an import that is under way, so that one that dies can be resumed."""

from __future__ import annotations

import fcntl
import json
import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from eligo.errors import UsageError
from eligo.store.files import write_atomic
from eligo.store.layout import IMPORTING
from eligo.store.plan import Outcome, Source, Task


class Journal:
    """The folder of an import that is under way; one process at a time may hold it.

    Attributes:
        folder: `importing/` of the store.
    """

    def __init__(self, store: Path) -> None:
        """Open the journal.

        Raises:
            UsageError: Another import into the store is under way.
        """
        self.folder = store / IMPORTING
        for name in ("segments", "tasks", "parts", "resolved"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        self._lock: IO[str] = (self.folder / "lock").open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._lock.close()
            raise UsageError(f"{store}: another import is under way; wait for it") from error

    @property
    def segments(self) -> Path:
        """Folder of the segments."""
        return self.folder / "segments"

    @property
    def resolved(self) -> Path:
        """Folder of what resolving gives."""
        return self.folder / "resolved"

    @property
    def spool(self) -> Path:
        """File that standard input is put into."""
        return self.folder / "stdin"

    @property
    def begun(self) -> bool:
        """Whether there is a plan that is not done."""
        return (self.folder / "plan.json").exists()

    def forget_finished(self, generation: int) -> None:
        """Drop the plan of an import that ended, and died before it could tidy up.

        Args:
            generation: How many imports the store has seen.
        """
        path = self.folder / "plan.json"
        if path.exists():
            plan = json.loads(path.read_text(encoding="utf-8"))
            if plan["generation"] < generation:
                self.clear()

    def begin(self, sources: Sequence[Source], key: str, generation: int) -> bool:
        """Take up the plan of an import; tell whether it had begun before.

        Args:
            sources: What is to be read.
            key: What else the result depends on.
            generation: How many imports the store has seen.

        Raises:
            UsageError: An import of other sources was not finished.
        """
        path = self.folder / "plan.json"
        plan: dict[str, Any] = {
            "generation": generation,
            "key": key,
            "sources": [asdict(source) for source in sources],
        }
        if path.exists():
            old = json.loads(path.read_text(encoding="utf-8"))
            if old == json.loads(json.dumps(plan)):
                return True
            names = ", ".join(source["name"] for source in old["sources"][:3])
            raise UsageError(
                f"{self.folder.parent}: an import of other data ({names}) was not finished; give "
                "that command again, or drop what it did with --restart"
            )
        write_atomic(path, json.dumps(plan, indent=1))
        return False

    def outcome(self, task: Task) -> Outcome | None:
        """Return what a task gave, None if it is not done."""
        path = self._task(task)
        if not path.exists():
            return None
        return Outcome.from_json(json.loads(path.read_text(encoding="utf-8")))

    def note(self, task: Task, outcome: Outcome) -> None:
        """Put on record that a task is done."""
        write_atomic(self._task(task), json.dumps(outcome.to_json()))

    def built(self, part: int) -> dict[str, Any] | None:
        """Return what a part holds that was built, None if it is not."""
        path = self.folder / "parts" / f"{part:05}.json"
        found: dict[str, Any] | None = (
            json.loads(path.read_text(encoding="utf-8")) if path.exists() else None
        )
        return found

    def note_part(self, part: int, counts: dict[str, Any]) -> None:
        """Put on record that a part is built."""
        write_atomic(self.folder / "parts" / f"{part:05}.json", json.dumps(counts))

    def _task(self, task: Task) -> Path:
        return self.folder / "tasks" / f"{task.number:05}.json"

    def clear(self) -> None:
        """Forget everything that was done."""
        for path in self.folder.iterdir():
            if path.is_dir():
                shutil.rmtree(path)
            elif path.name != "lock":
                path.unlink()
        for name in ("segments", "tasks", "parts", "resolved"):
            (self.folder / name).mkdir(exist_ok=True)

    def close(self, *, done: bool = False) -> None:
        """Let go of the journal; remove it when all is done."""
        if done:
            shutil.rmtree(self.folder, ignore_errors=True)
        with suppress(OSError):
            self._lock.close()
