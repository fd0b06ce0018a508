"""What an import tells while it runs, and at the end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from eligo.store.manifest import Manifest


class Watch(Protocol):
    """Is told how an import gets on."""

    def stage(self, name: str, total: int) -> None:
        """A stage begins, of so many bytes or parts."""

    def advance(self, amount: int) -> None:
        """So much of the stage is done."""


class Silent:
    """Watches and says nothing."""

    def stage(self, name: str, total: int) -> None:
        """A stage begins."""

    def advance(self, amount: int) -> None:
        """So much of the stage is done."""


@dataclass(frozen=True)
class Imported:
    """What an import gave.

    Attributes:
        manifest: The manifest of the store; None if nothing could be read.
        failures: What could not be read, with the reason.
        known: Sources that were in the store already.
        read: How many sources were read.
        resumed: Whether it went on with an import that had died.
    """

    manifest: Manifest | None
    failures: tuple[str, ...]
    known: tuple[str, ...]
    read: int
    resumed: bool = False
